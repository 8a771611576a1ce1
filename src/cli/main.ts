import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Entry of the bundle (bin/.build/main.js) and of the sources alike. Nothing else is imported before the compile
// cache is on: it saves a third of the start.
const { dirname } = import.meta;
const isBundle = import.meta.filename.endsWith(".js");
enableCompileCache(isBundle ? join(dirname, "cache") : join(dirname, "../../node_modules/.cache/ao"));

const { runCli } = await import("./run.ts");
const exitCode = await runCli(process.argv.slice(2));
// The callback comes when everything before it is written; open handles (idle connections) must not keep a person waiting.
process.stdout.write("", () => process.exit(exitCode));
