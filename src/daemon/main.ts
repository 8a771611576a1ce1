import { rmSync } from "node:fs";
import { AoError } from "../core/errors.ts";
import { acquireLock, isLock, readLockHolder } from "../util/lock.ts";
import { createLog } from "../util/log.ts";
import { resolvePaths } from "../util/paths.ts";
import { createDaemon } from "./compose.ts";
import { makePrivateDirs } from "./private-dirs.ts";

/**
 * The daemon's process. Reads the environment here and nowhere else; ends with code 1 and one line of JSON on stderr
 * (`{"error":{"reason","message","hint"}}`) when it cannot start.
 */
process.umask(0o077);
try {
  await main(definedOnly(process.env));
} catch (error) {
  reportStartFailure(error);
  process.exit(1);
}

async function main(env: Record<string, string>): Promise<void> {
  const paths = resolvePaths(env);
  await makePrivateDirs(paths);
  const lock = await acquireLock(paths.daemonLockPath, { pid: process.pid });
  if (!isLock(lock)) throw new AoError("ALREADY_RUNNING", { pid: lock.heldBy ?? "?", path: paths.home });
  const log = createLog({ path: paths.daemonLogPath, name: "daemon" });
  let stop = () => {};
  const stopRequested = new Promise<void>((resolve) => {
    stop = resolve;
  });
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(name, stop);
  process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled rejection"));
  const daemon = await createDaemon({
    paths,
    env,
    log,
    shimPid: () => readLockHolder(paths.shimLockPath),
    onStopRequested: () => setImmediate(stop),
  });
  await stopRequested;
  // A connection that will not close must not keep a stopped daemon.
  setTimeout(() => {
    log.warn({}, "forced to end");
    process.exit(0);
  }, 1900).unref();
  await daemon.stop();
  await lock.release();
  log.close();
  rmSync(paths.socketPath, { force: true });
  process.exit(0);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function reportStartFailure(error: unknown): void {
  const known = error instanceof AoError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const report = {
    reason: known?.reason ?? "DAEMON_START_FAILED",
    message,
    hint: known?.hint ?? "See `ao doctor` and the daemon's log.",
  };
  process.stderr.write(`${JSON.stringify({ error: report })}\n`);
}
