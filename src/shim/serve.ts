import { statSync } from "node:fs";
import { createTrustedSpecs } from "../harness/own/trusted-specs.ts";
import { BUILT_IN_SPECS, createHarnesses } from "../harness/registry.ts";
import { systemClock } from "../util/clock.ts";
import { createFailPoint } from "../util/fail-point.ts";
import { acquireLock, isLock } from "../util/lock.ts";
import { createLog } from "../util/log.ts";
import { resolvePaths } from "../util/paths.ts";
import { runShim } from "./shim.ts";
import { createWitnesses } from "./witness/witnesses.ts";

const HOME_CHECK_MS = 1000;

/** Runs the shim until SIGTERM, SIGINT, SIGHUP or the end of AO_HOME; returns at once when another one holds the lock. */
export async function serve(
  environment: Readonly<Record<string, string | undefined>>,
  onReady: () => void,
): Promise<void> {
  const paths = resolvePaths(environment);
  const failPoint = createFailPoint(environment.AO_FAIL_POINTS);
  const lock = await acquireLock(paths.shimLockPath, { pid: process.pid });
  if (!isLock(lock)) return;
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
  onReady();
  const clock = systemClock();
  const witnesses = createWitnesses({ clock, log });
  await runShim(
    {
      paths,
      harnesses: createHarnesses(BUILT_IN_SPECS, createTrustedSpecs(paths.harnessesDir)),
      witnesses,
      clock,
      log,
      failPoint,
    },
    stop.signal,
  );
  clearInterval(homeCheck);
  log.info({ reason: String(stop.signal.reason) }, "shim ends");
  await lock.release();
  log.close();
}

function readInode(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
