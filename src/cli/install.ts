import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** This installation of ao. */
export interface Install {
  /** Directory with package.json, bin/ and src/. */
  root: string;
  /** Directory oclif loads commands from, with its settings; the bundle's own when it runs from the bundle. */
  oclifRoot: string;
  /** Program of the daemon, a bundle beside the CLI's own or a source. */
  daemonMain: string;
  packageJson: Record<string, unknown> & { version: string };
}

/** Finds the installation this code runs from: the nearest package.json above it. */
export function findInstall(): Install {
  const here = import.meta.dirname;
  const root = findRoot(here);
  const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const bundleRoot = join(root, "bin/.build");
  if (!here.startsWith(bundleRoot)) {
    return { root, oclifRoot: root, daemonMain: join(root, "src/daemon/main.ts"), packageJson };
  }
  const commands = { strategy: "explicit", target: "./cli.cjs", identifier: "COMMANDS" };
  const oclif = { ...packageJson.oclif, commands };
  return {
    root,
    oclifRoot: bundleRoot,
    daemonMain: join(bundleRoot, "daemon-main.cjs"),
    packageJson: { ...packageJson, oclif },
  };
}

function findRoot(from: string): string {
  let directory = from;
  while (!existsSync(join(directory, "package.json"))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`no package.json above "${from}"`);
    directory = parent;
  }
  return directory;
}
