import { rmSync } from "node:fs";
import { AoError } from "../core/errors.ts";
import { createFailPoint } from "../util/fail-point.ts";
import { acquireLock, isLock, readLockHolder } from "../util/lock.ts";
import { createLog } from "../util/log.ts";
import { resolvePaths } from "../util/paths.ts";
import { createDaemon } from "./compose.ts";
import { makePrivateDirs } from "./private-dirs.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Of a session, should an agent start the daemon: with it, daemon and shim would count as that agent's processes. */
const OF_A_SESSION = [
  "AO_SESSION_ID",
  "AO_LAUNCH_ID",
  "AO_SPOOL",
  "AO_SOCKET",
  "AO_TOKEN_FILE",
  "AO_HARNESS",
  "AO_HOOK",
];
/** Of the 2 s a stop may take. */
const FORCE_AFTER_MS = 1900;

/**
 * Runs the daemon until it is told to stop; returns the exit code. When it cannot start: 1, and one line of JSON on
 * stderr, `{"error":{"reason","message","hint"}}`.
 */
export async function serve(
  environment: Environment,
  options: { shimMain: string; onReady: () => void },
): Promise<number> {
  try {
    await run(ownEnvironment(environment), options);
    return 0;
  } catch (error) {
    reportStartFailure(error);
    return 1;
  }
}

async function run(
  env: Record<string, string>,
  { shimMain, onReady }: { shimMain: string; onReady: () => void },
): Promise<void> {
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
    failPoint: createFailPoint(env.AO_FAIL_POINTS),
    shimMain,
    shimPid: () => readLockHolder(paths.shimLockPath),
    onStopRequested: () => setImmediate(stop),
  });
  onReady();
  await stopRequested;
  setTimeout(() => {
    log.warn({}, "forced to end: something would not close");
    process.exit(0);
  }, FORCE_AFTER_MS).unref();
  await daemon.stop();
  await lock.release();
  log.close();
  rmSync(paths.socketPath, { force: true });
}

function ownEnvironment(environment: Environment): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !OF_A_SESSION.includes(entry[0]),
  );
  return Object.fromEntries(kept);
}

function reportStartFailure(error: unknown): void {
  const known = error instanceof AoError ? error : undefined;
  const report = {
    reason: known?.reason ?? "DAEMON_START_FAILED",
    message: error instanceof Error ? error.message : String(error),
    hint: known?.hint ?? "See `ao doctor` and the daemon's log.",
  };
  process.stderr.write(`${JSON.stringify({ error: report })}\n`);
}
