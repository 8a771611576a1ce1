import { userInfo } from "node:os";
import { join, resolve } from "node:path";

/** Bytes of a Unix socket path the system can use: `sun_path` is 108 with its closing NUL (Linux; macOS has 104). */
export const SOCKET_PATH_LIMIT = process.platform === "darwin" ? 103 : 107;

/** Where everything of one ao installation lies; all absolute. */
export interface Paths {
  /** AO_HOME. */
  home: string;
  /** Private directory of the sockets. */
  runDir: string;
  socketPath: string;
  /** The system cannot bind or connect to `socketPath`; AO_RUN_DIR must name a shorter directory. */
  socketPathTooLong: boolean;
  /** Operator token. */
  tokenPath: string;
  databasePath: string;
  spoolDir: string;
  sessionsDir: string;
  worktreesDir: string;
  daemonLogPath: string;
  shimLogPath: string;
  daemonLockPath: string;
  shimLockPath: string;
  /** The user's own harnesses. */
  harnessesDir: string;
}

/**
 * Derives every path from the environment: AO_HOME (default `~/.ao`), AO_RUN_DIR, XDG_RUNTIME_DIR.
 *
 * The shared XDG_RUNTIME_DIR serves only the account's own `~/.ao`: a daemon with another home (AO_HOME, or a HOME
 * that is not the account's) keeps its socket under that home, so that two daemons never meet at one socket.
 */
export function resolvePaths(
  env: Readonly<Record<string, string | undefined>>,
  accountHome: string | undefined = readAccountHome(),
): Paths {
  const userHome = env.HOME || accountHome || "/";
  const home = resolve(env.AO_HOME || join(userHome, ".ao"));
  const runDir = resolveRunDir(env, { home, accountHome });
  const socketPath = join(runDir, "ao.sock");
  return {
    home,
    runDir,
    socketPath,
    socketPathTooLong: Buffer.byteLength(socketPath) > SOCKET_PATH_LIMIT,
    tokenPath: join(home, "token"),
    databasePath: join(home, "ao.db"),
    spoolDir: join(home, "spool"),
    sessionsDir: join(home, "sessions"),
    worktreesDir: join(home, "worktrees"),
    daemonLogPath: join(home, "daemon.log"),
    shimLogPath: join(home, "shim.log"),
    daemonLockPath: join(home, "daemon.lock"),
    shimLockPath: join(home, "shim.lock"),
    harnessesDir: join(home, "harnesses"),
  };
}

function resolveRunDir(
  env: Readonly<Record<string, string | undefined>>,
  own: { home: string; accountHome: string | undefined },
): string {
  if (env.AO_RUN_DIR) return resolve(env.AO_RUN_DIR);
  const isDefault = own.accountHome !== undefined && own.home === resolve(own.accountHome, ".ao");
  if (isDefault && env.XDG_RUNTIME_DIR?.startsWith("/")) return join(env.XDG_RUNTIME_DIR, "ao");
  return join(own.home, "run");
}

/** The account's home by the user database; undefined for a uid without an entry (containers). */
function readAccountHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SYSTEM_ERROR") return undefined;
    throw error;
  }
}
