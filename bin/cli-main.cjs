"use strict";
// Starts the bundled CLI; bin/build.mjs puts this beside the bundle, as main.cjs, and warm-cli.cjs runs it once.
//
// Node's own compile cache keeps what a script compiles when it is loaded. Most of a command's functions are compiled
// when they are first called, which was a quarter of `ao ls`: so the code is kept as it stands after a command.
const { readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");

const path = join(__dirname, "cli.cjs");
const cachePath = join(__dirname, `cli-${process.version}-${process.arch}.cache`);

/** Loads the bundle as `require` would, with its compiled code. */
function loadCli() {
  // latin1 is as it stands: esbuild escapes what is not ASCII.
  const source = Module.wrap(readFileSync(path, "latin1"));
  const cachedData = readCache();
  const script = new Script(source, { filename: path, cachedData });
  const loaded = new Module(path, module);
  loaded.filename = path;
  loaded.paths = module.paths;
  // oclif asks for the same file by its path.
  require.cache[path] = loaded;
  const own = Module.createRequire(path);
  script.runInThisContext().call(loaded.exports, loaded.exports, own, loaded, path, __dirname);
  loaded.loaded = true;
  const isCompiled = cachedData !== undefined && !script.cachedDataRejected;
  return { runCli: loaded.exports.runCli, isCompiled, keep: () => writeCache(script.createCachedData()) };
}

function readCache() {
  try {
    return readFileSync(cachePath);
  } catch (error) {
    if (error.code === undefined) throw error;
    return undefined;
  }
}

/** Where it cannot be written, by another user for example, the next command compiles again: slower, nothing else. */
function writeCache(data) {
  const staging = `${cachePath}-${process.pid}`;
  try {
    writeFileSync(staging, data);
    renameSync(staging, cachePath);
  } catch (error) {
    if (error.code === undefined) throw error;
    rmSync(staging, { force: true });
  }
}

async function main() {
  const { runCli, isCompiled, keep } = loadCli();
  const code = await runCli(process.argv.slice(2));
  if (!isCompiled) keep();
  // The callback comes when everything before it is written.
  process.stdout.write("", () => process.exit(code));
}

module.exports = { loadCli };
if (require.main === module) void main();
