#!/usr/bin/env node
// Makes the fast CLI in bin/.build: the whole CLI as one CommonJS file, oclif's manifest, and a small main.cjs; and
// compiles daemon and shim ahead.
//
// One file instead of many ES modules saves 20 of 125 ms of `ao ls`: no module graph to link, and each command and
// library is evaluated when it is first needed. bin/ao takes the bundle while no source is newer.
// With --optional a failure is reported, not fatal: without the bundle ao is slower, that is all.
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { mkdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "bin/.build");
const staging = join(root, `bin/.build-${process.pid}`);

async function build() {
  // A source that changes while this runs must count as newer than the bundle.
  const started = new Date();
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging);
  await bundleCli();
  await writeFile(join(staging, "main.cjs"), main());
  await writeManifest();
  const stamp = join(staging, "stamp");
  await writeFile(stamp, "");
  await utimes(stamp, started, started);
  await swap();
  await warm();
}

/** Compiles daemon and shim once, so that the first start, `ao demo`'s too, is as fast as the second. */
async function warm() {
  const sources = ["src/daemon/serve.ts", "src/shim/serve.ts"].map(
    (path) => pathToFileURL(join(root, path)).href,
  );
  const cache = join(root, "node_modules/.cache/ao");
  const script = [
    'import { enableCompileCache } from "node:module";',
    `enableCompileCache(${JSON.stringify(cache)});`,
    ...sources.map((url) => `await import(${JSON.stringify(url)});`),
  ];
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script.join("\n")]);
}

async function bundleCli() {
  const { build: bundle } = await import("esbuild");
  await bundle({
    absWorkingDir: root,
    stdin: { contents: entry(), resolveDir: join(root, "src/cli"), loader: "ts" },
    outfile: join(staging, "cli.cjs"),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
    plugins: [withoutNeverCalled],
    logLevel: "warning",
  });
}

/** A getter per command: oclif asks for one of them, and only that one is evaluated. */
function entry() {
  const files = globSync("**/*.ts", { cwd: join(root, "src/cli/commands") });
  const commands = files.map((file) => {
    const id = file.replace(/\.ts$/, "").replaceAll("\\", "/").replaceAll("/", ":");
    return `  get "${id}"() { return Object.values(require("./commands/${file}"))[0]; },`;
  });
  return `export { runCli } from "./run.ts";\nexport const COMMANDS = {\n${commands.join("\n")}\n};\n`;
}

/** The same as src/cli/main.ts, for CommonJS. */
function main() {
  return [
    '"use strict";',
    'require("node:module").enableCompileCache(require("node:path").join(__dirname, "cache"));',
    'const { runCli } = require("./cli.cjs");',
    'runCli(process.argv.slice(2)).then((code) => process.stdout.write("", () => process.exit(code)));',
    "",
  ].join("\n");
}

/**
 * What the bundle loads and never calls, together 140 kB and 8 ms: grpc-js reads .proto files for a service ao does not
 * serve; oclif finds commands by pattern where there is no manifest, and tells Windows' Linux by its name.
 */
const NEVER_CALLED = /^(@grpc\/proto-loader|tinyglobby|wsl-utils)$/;

const withoutNeverCalled = {
  name: "without-never-called",
  setup(builder) {
    builder.onResolve({ filter: NEVER_CALLED }, () => ({ path: "empty", namespace: "empty" }));
    builder.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** The manifest lets oclif start without loading every command. */
async function writeManifest() {
  const { Plugin } = await import("@oclif/core/config");
  const pjson = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  pjson.oclif.commands = { strategy: "explicit", target: "./cli.cjs", identifier: "COMMANDS" };
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

try {
  await build();
} catch (error) {
  await rm(staging, { recursive: true, force: true });
  if (!process.argv.includes("--optional")) throw error;
  console.error(
    `note: the fast CLI was not built (${error.message}); ao runs from its sources, a little slower`,
  );
}
