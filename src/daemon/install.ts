import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Absolute paths of this installation's own files. */
export interface Install {
  version: string;
  hookCommand: string;
  runCommand: string;
  shimMain: string;
  descriptors: string;
}

export function findInstall(): Install {
  const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const { version } = JSON.parse(readFileSync(at("package.json"), "utf8")) as { version: string };
  return {
    version,
    hookCommand: at("bin/ao-hook"),
    runCommand: at("bin/ao-run"),
    shimMain: at("src/shim/main.ts"),
    descriptors: at("gen/ao.binpb"),
  };
}
