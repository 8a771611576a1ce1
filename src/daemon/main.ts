import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";

/**
 * The daemon's process: `node src/daemon/main.ts`. Reads the environment here and nowhere else.
 *
 * Compiled code is kept in the installation, where the first start with a new home finds it too: without it 360 of
 * 640 ms of the start and 30 MB go into reading TypeScript again.
 */
// What ao writes is the user's alone; what agents write is as the user's shell would.
const umask = process.umask(0o077);
enableCompileCache(join(import.meta.dirname, "../../node_modules/.cache/ao"));
const { serve } = await import("./serve.ts");
const shimMain = join(import.meta.dirname, "../shim/main.ts");
const ended = serve(process.env, { shimMain, umask, onReady: flushCompileCache });
process.exit(await ended);
