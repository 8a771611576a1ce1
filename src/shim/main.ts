import { statSync } from "node:fs";
import { createHarnesses } from "../harness/registry.ts";
import { systemClock } from "../util/clock.ts";
import { acquireLock, isLock } from "../util/lock.ts";
import { createLog } from "../util/log.ts";
import { resolvePaths } from "../util/paths.ts";
import { runShim } from "./shim.ts";
import { createWitnesses } from "./witness/witnesses.ts";

const HOME_CHECK_MS = 1000;

/**
 * The shim's process: `node src/shim/main.ts`, one per AO_HOME. Reads the environment here and nowhere else.
 *
 * Ends with code 0 on SIGTERM, SIGINT, SIGHUP, when AO_HOME is gone, and when another shim holds the lock.
 */
process.umask(0o077);
const paths = resolvePaths(process.env);
const lock = await acquireLock(paths.shimLockPath, { pid: process.pid });
if (!isLock(lock)) process.exit(0);

const log = createLog({ path: paths.shimLogPath, name: "shim" });
process.on("uncaughtException", (error) => {
  log.error({ err: error }, "the shim broke; the daemon starts another");
  process.exit(1);
});
const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(name, () => stop.abort(name));
const homeInode = readInode(paths.home);
const homeCheck = setInterval(() => {
  if (readInode(paths.home) !== homeInode) stop.abort("AO_HOME is gone");
}, HOME_CHECK_MS);

log.info({ spool: paths.spoolDir, socket: paths.socketPath }, "shim ready");
const clock = systemClock();
const witnesses = createWitnesses({ clock, log });
await runShim({ paths, harnesses: createHarnesses(), witnesses, clock, log }, stop.signal);
clearInterval(homeCheck);
log.info({ reason: String(stop.signal.reason) }, "shim ends");
await lock.release();
log.close();
// Nothing is left to wait for, but a connection being closed would keep the process a moment longer.
process.exit(0);

function readInode(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
