import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { AoError } from "../core/errors.ts";
import { createFailPoint } from "../util/fail-point.ts";
import { acquireLock, isLock, type Lock } from "../util/lock.ts";
import { type LockHeld, readLockHolder } from "../util/lock-holder.ts";
import { createLog, type Log } from "../util/log.ts";
import { type Paths, resolvePaths } from "../util/paths.ts";
import { createDaemon, type Daemon } from "./compose.ts";
import { type GroundWatch, watchGround } from "./ground-watch.ts";
import { makePrivateDirs } from "./private-dirs.ts";
import { explainStartFailure } from "./start-failure.ts";

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

/** What the daemon's main tells it. */
export interface ServeOptions {
  /** Program of the shim. */
  shimMain: string;
  /** The user's umask, which agents and worktrees get. */
  umask: number;
  onReady: () => void;
}

/**
 * Runs the daemon until it is told to stop; returns the exit code. When it cannot start: 1, and one line of JSON on
 * stderr, `{"error":{"reason","message","hint"}}`.
 */
export async function serve(environment: Environment, options: ServeOptions): Promise<number> {
  const env = ownEnvironment(environment);
  const paths = resolvePaths(env);
  try {
    await run({ env, paths, ...options });
    return 0;
  } catch (error) {
    reportStartFailure(await explainStartFailure(error, paths));
    return 1;
  }
}

async function run(setup: ServeOptions & { env: Record<string, string>; paths: Paths }): Promise<void> {
  const { env, paths, shimMain, umask } = setup;
  await makePrivateDirs(paths);
  const lock = await takeLock(paths);
  const log = createLog({ path: paths.daemonLogPath, name: "daemon" });
  const stop = stopRequest(log);
  const failPoint = createFailPoint(env.AO_FAIL_POINTS);
  const shimPid = () => readLockHolder(paths.shimLockPath);
  for (;;) {
    const daemon = await createDaemon({
      paths,
      env,
      log,
      failPoint,
      shimMain,
      umask,
      shimPid,
      onStopRequested: stop.request,
    }).catch((error: unknown) => {
      log.error({ err: error }, "the daemon cannot start");
      throw error;
    });
    setup.onReady();
    const ground = watchGround(paths);
    const end = await Promise.race([stop.requested, ground.lost]);
    ground.stop();
    switch (end) {
      case "stop":
        return endOrderly(daemon, { paths, lock, log });
      case "home":
        endWithoutTrace(log);
        break;
      case "socket":
        log.warn({ socket: paths.socketPath }, "the socket was removed; starting over to make it again");
        await daemon.stop();
        await makePrivateDirs(paths);
        break;
      case "database":
        await keepDatabase(daemon, { path: paths.databasePath, log, companions: ground.companions });
    }
  }
}

async function takeLock(paths: Paths): Promise<Lock> {
  const lock = await acquireLock(paths.daemonLockPath, { pid: process.pid, note: paths.socketPath });
  if (!isLock(lock)) throw alreadyRunning(lock, paths);
  return lock;
}

function alreadyRunning({ heldBy, elsewhere, note }: LockHeld, paths: Paths): AoError {
  const path = paths.home;
  if (elsewhere) {
    const pid = `${elsewhere.pid} on host "${elsewhere.host}", or in another container`;
    return new AoError("ALREADY_RUNNING", {
      pid,
      path,
      hint: "Give each host and container an AO_HOME of its own.",
    });
  }
  const pid = heldBy ?? "not known yet";
  if (note === undefined || note === paths.socketPath) return new AoError("ALREADY_RUNNING", { pid, path });
  const hint = `It listens at "${note}": set AO_RUN_DIR="${dirname(note)}" to reach it, or end it with \`kill ${pid}\`.`;
  return new AoError("ALREADY_RUNNING", { pid, path, hint });
}

/** Signals, and clients, ask for the stop. */
function stopRequest(log: Log): { requested: Promise<"stop">; request: () => void } {
  let stop = () => {};
  const requested = new Promise<"stop">((resolve) => {
    stop = () => resolve("stop");
  });
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(name, stop);
  process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled rejection"));
  // The answer to the client goes out first.
  return { requested, request: () => void setImmediate(stop) };
}

/** The lock goes last: whoever takes it finds nothing of this daemon in the way. */
async function endOrderly(
  daemon: Daemon,
  { paths, lock, log }: { paths: Paths; lock: Lock; log: ReturnType<typeof createLog> },
): Promise<void> {
  setTimeout(() => {
    log.warn({}, "forced to end: something would not close");
    process.exit(0);
  }, FORCE_AFTER_MS).unref();
  await daemon.stop();
  rmSync(paths.socketPath, { force: true });
  log.close();
  await lock.release();
}

/**
 * What was acknowledged stands in a file that has no name any more: it gets its name back, or one beside the file that
 * was put in its place. SQLite leaves the companions of such a file, and would read them into the one that has the name.
 */
async function keepDatabase(
  daemon: Daemon,
  { path, log, companions }: { path: string; log: Log; companions: GroundWatch["companions"] },
): Promise<void> {
  const saveTo = existsSync(path) ? `${path}.replaced-${Date.now()}` : path;
  log.error({ path, saveTo }, "the database was removed or replaced; what was in it is saved, starting over");
  await daemon.stop({ saveTo });
  companions.remove();
}

/** Closing removes files by their names, which may be another daemon's by now: ends as a crash would, which loses nothing. */
function endWithoutTrace(log: Log): void {
  log.error({}, "AO_HOME was removed; the daemon ends");
  process.kill(process.pid, "SIGKILL");
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
