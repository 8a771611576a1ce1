#!/usr/bin/env node
// Makes the fast CLI: bin/.build holds one bundle split by command, and oclif's manifest. bin/ao takes it while it is
// at least as new as the sources. With --optional a failure is reported, not fatal: without the bundle ao is slower.
import { mkdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "bin/.build");
const staging = join(root, `bin/.build-${process.pid}`);

// CommonJS dependencies (oclif, grpc) ask for what an ES module does not have.
const banner = [
  'import { createRequire as aoRequire } from "node:module";',
  'import { dirname as aoDirname } from "node:path";',
  'import { fileURLToPath as aoFile } from "node:url";',
  "const require = aoRequire(import.meta.url);",
  "const __filename = aoFile(import.meta.url);",
  "const __dirname = aoDirname(__filename);",
].join("\n");

try {
  await build();
} catch (error) {
  await rm(staging, { recursive: true, force: true });
  if (!process.argv.includes("--optional")) throw error;
  console.error(
    `note: the fast CLI was not built (${error.message}); ao runs from its sources, a little slower`,
  );
}

async function build() {
  // A source that changes while this runs must count as newer than the bundle.
  const started = new Date();
  const { build: bundle } = await import("esbuild");
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging);
  await bundle({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts", "src/cli/commands/**/*.ts"],
    outbase: "src/cli",
    outdir: staging,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    minify: true,
    keepNames: true,
    legalComments: "none",
    logLevel: "warning",
    banner: { js: banner },
  });
  await writeManifest();
  const stamp = join(staging, "stamp");
  await writeFile(stamp, "");
  await utimes(stamp, started, started);
  await swap();
}

/** The manifest lets oclif start without loading every command. */
async function writeManifest() {
  const { Plugin } = await import("@oclif/core/config");
  const pjson = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  pjson.oclif.commands = "./commands";
  const plugin = new Plugin({
    root: staging,
    pjson,
    type: "core",
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
  });
  await plugin.load();
  await writeFile(join(staging, "oclif.manifest.json"), JSON.stringify(plugin.manifest));
}

/** Puts the new bundle in the old one's place; a program that starts in between finds none and takes the sources. */
async function swap() {
  const old = `${staging}-old`;
  await rename(target, old).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(staging, target);
  await rm(old, { recursive: true, force: true });
}
