#!/usr/bin/env node
// Makes the bundles in bin/.build: CLI, daemon and shim, each as one CommonJS file with a small main beside it, and
// oclif's manifest and the compiled code of all.
//
// One file instead of many ES modules saves 20 of 125 ms of `ao ls`: no module graph to link, and each command and
// library is evaluated when it is first needed. Daemon and shim need 30 of 121 and 20 of 94 MB less.
// bin/ao takes the CLI's bundle while no source is newer; a bundled CLI starts the bundled daemon, that one the bundled
// shim. With --optional a failure is reported, not fatal: without bundles ao is slower and larger, that is all.
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { commandFiles } from "./command-files.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "bin/.build");
const staging = join(root, `bin/.build-${process.pid}`);

async function build() {
  // A source that changes while this runs must count as newer than the bundle.
  const started = new Date();
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging);
  await bundleCli();
  await bundleDaemon();
  await bundleShim();
  await writeManifest();
  const stamp = join(staging, "stamp");
  await writeFile(stamp, "");
  await utimes(stamp, started, started);
  await swap();
  await warm();
}

/**
 * Runs all three once, in an AO_HOME that is removed again: the code they compile is kept, so that the first start,
 * `ao demo`'s too, is as fast as the second. Without it the first of each is slower, that is all.
 */
async function warm() {
  const home = await mkdtemp(join(tmpdir(), "ao-warm-"));
  const env = { PATH: process.env.PATH, HOME: home, AO_HOME: join(home, "ao") };
  try {
    await promisify(execFile)(process.execPath, [join(target, "warm-cli.cjs")], { env, timeout: 60_000 });
  } catch (error) {
    console.error(`note: the first commands will be slower (${error.stderr || error.message})`);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function bundleCli() {
  await bundle("cli", {
    stdin: { contents: entry(), resolveDir: join(root, "src/cli"), loader: "ts" },
    define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
    plugins: [without(NEVER_CALLED_BY_CLI), requiringLate],
    minifyWhitespace: true,
    lineLimit: 120,
  });
  await copyFile(join(root, "bin/cli-main.cjs"), join(staging, "main.cjs"));
  await copyFile(join(root, "bin/warm-cli.cjs"), join(staging, "warm-cli.cjs"));
}

/** The same as src/daemon/main.ts, for the bundles. */
async function bundleDaemon() {
  await bundleService("daemon");
  await writeMain("daemon-main.cjs", [
    "const umask = process.umask(0o077);",
    'const { serve } = require("./daemon.cjs");',
    'const shimMain = require("node:path").join(__dirname, "shim-main.cjs");',
    "serve(process.env, { shimMain, umask, onReady: flushCompileCache }).then((code) => process.exit(code));",
  ]);
}

/** The same as src/shim/main.ts, for the bundle. */
async function bundleShim() {
  await bundleService("shim");
  await writeMain("shim-main.cjs", [
    "process.umask(0o077);",
    'const { serve } = require("./shim.cjs");',
    "serve(process.env, flushCompileCache).then(() => process.exit(0));",
  ]);
}

/** Native code, and what starts threads from files of its own, stays in node_modules. */
const NOT_BUNDLED = ["better-sqlite3", "pino"];

function bundleService(name) {
  return bundle(name, {
    entryPoints: [`src/${name}/serve.ts`],
    external: NOT_BUNDLED,
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { "import.meta.url": "bundleUrl" },
    plugins: [withOwnDirectories, without(NEVER_CALLED)],
  });
}

async function bundle(name, options) {
  const { build: run } = await import("esbuild");
  await run({
    absWorkingDir: root,
    outfile: join(staging, `${name}.cjs`),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    logLevel: "warning",
    ...options,
  });
}

/** Nothing else is loaded before the compile cache is on: it saves a third of the start. */
function writeMain(file, lines) {
  const head = [
    '"use strict";',
    'const { enableCompileCache, flushCompileCache } = require("node:module");',
    'enableCompileCache(require("node:path").join(__dirname, "cache"));',
  ];
  return writeFile(join(staging, file), `${[...head, ...lines].join("\n")}\n`);
}

/** ao's own sources find their files from where they stand; in the bundle too. */
const withOwnDirectories = {
  name: "with-own-directories",
  setup(builder) {
    builder.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const directory = JSON.stringify(relative(target, dirname(path)));
      const contents = source.replaceAll(
        "import.meta.dirname",
        `require("node:path").join(__dirname, ${directory})`,
      );
      return { contents, loader: "ts" };
    });
  },
};

/** A getter per command: oclif asks for one of them, and only that one is evaluated. */
function entry() {
  const commands = commandFiles(root).map(
    ({ id, file }) => `  get "${id}"() { return Object.values(require("./commands/${file}"))[0]; },`,
  );
  return `export { runCli } from "./run.ts";\nexport const COMMANDS = {\n${commands.join("\n")}\n};\n`;
}

/** grpc-js reads .proto files with it, for a service ao does not serve: 400 kB in every bundle. */
const NEVER_CALLED = /^@grpc\/proto-loader$/;
/** oclif finds commands by pattern where there is no manifest, and tells Windows' Linux by its name. */
const NEVER_CALLED_BY_CLI = /^(@grpc\/proto-loader|tinyglobby|wsl-utils)$/;

/** Leaves out what a bundle loads and never calls; of the CLI 8 ms. */
function without(filter) {
  return {
    name: "without-never-called",
    setup(builder) {
      builder.onResolve({ filter }, () => ({ path: "empty", namespace: "empty" }));
      builder.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "module.exports = {};" }));
    },
  };
}

/** Libraries whose CommonJS the TypeScript compiler made: `const x_1 = require("x")`, used as `x_1.member`. */
const COMPILED = /\/node_modules\/(@oclif\/core|@grpc\/grpc-js|nice-grpc|nice-grpc-common)\/.*\.js$/;
const REQUIRE_LINE = /^const (\w+_\d+) = ((?:__importDefault\()?require\("[^"]+"\)\)?);$/gm;

/** Of what they load at their start `ao ls` uses a part: each module is loaded when it is first needed (8 of 95 ms). */
const requiringLate = {
  name: "requiring-late",
  setup(builder) {
    builder.onLoad({ filter: COMPILED }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [, name] of contents.matchAll(REQUIRE_LINE))
        contents = contents.replaceAll(
          new RegExp(`(?<!const |[.\\w$])${name}(?![\\w$])`, "g"),
          `(${name}())`,
        );
      return { contents: contents.replaceAll(REQUIRE_LINE, "const $1 = () => $2;") };
    });
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
