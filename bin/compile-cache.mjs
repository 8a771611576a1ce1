// Loaded before a program's sources (`node --import`): code compiled once is not compiled again. For the daemon it
// saves 360 of 640 ms of the start.
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/ao"));
