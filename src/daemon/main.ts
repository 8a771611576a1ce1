import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";
import { resolvePaths } from "../util/paths.ts";

/**
 * The daemon's process: `node src/daemon/main.ts`. Reads the environment here and nowhere else.
 *
 * Compiled code is kept below AO_HOME: without it most of the start and 30 MB go into reading TypeScript again.
 */
process.umask(0o077);
enableCompileCache(join(resolvePaths(process.env).home, "cache"));
const { serve } = await import("./serve.ts");
const ended = serve(process.env, flushCompileCache);
process.exit(await ended);
