import { type Reason, reason } from "./reason.ts";

/** Reasons about the daemon, its files and the way to it. */
export const daemonReasons = {
  DAEMON_UNREACHABLE: reason(
    "unavailable",
    (m) => `no daemon answers at "${m.socket}"`,
    (m) => String(m.hint ?? "Start it with `ao start`; if it does not start, see `ao doctor`."),
  ),
  DAEMON_STOPPING: reason(
    "unavailable",
    () => "the daemon is stopping",
    () => "Try again; any command starts it.",
  ),
  DAEMON_START_FAILED: reason(
    "unavailable",
    (m) => `the daemon did not start: ${m.problem}`,
    (m) => String(m.hint ?? `Its log may say more: ${m.log}`),
  ),
  DAEMON_STOP_FAILED: reason(
    "internal",
    (m) => `the daemon (pid ${m.pid}) still runs ${m.seconds} s after it was asked to stop`,
    (m) => `Its log may say why: ${m.log}. \`kill ${m.pid}\` ends it; nothing is lost.`,
  ),
  ALREADY_RUNNING: reason(
    "precondition",
    (m) => `another daemon (pid ${m.pid}) holds "${m.path}"`,
    (m) => String(m.hint ?? "Use it; if it does not answer, `ao restart` ends it and starts another."),
  ),
  SOCKET_PATH_TOO_LONG: reason(
    "precondition",
    (m) => `socket path "${m.path}" has ${m.bytes} bytes; the system allows ${m.limit}`,
    () => "Set AO_RUN_DIR to a short private directory, such as /tmp/ao-$USER.",
  ),
  SOCKET_UNUSABLE: reason(
    "precondition",
    (m) => `"${m.path}" cannot be the daemon's socket: ${m.problem}`,
    (m) => String(m.hint ?? "Set AO_RUN_DIR to a private directory of your own, such as /tmp/ao-$USER."),
  ),
  HOME_UNUSABLE: reason(
    "precondition",
    (m) => `ao cannot keep its files at "${m.path}": ${m.problem}`,
    (m) => String(m.hint ?? "Set AO_HOME to a directory of your own on a disk you may write to."),
  ),
  CONFIG_INVALID: reason(
    "precondition",
    (m) => `configuration "${m.path}" is not usable: ${m.problem}`,
    (m) => String(m.hint ?? "Correct the file, or move it away."),
  ),
  TLS_UNUSABLE: reason(
    "precondition",
    (m) => `ao does not listen at "${m.address}": ${m.problem}`,
    (m) => String(m.hint ?? "Choose another address."),
  ),
  SCHEMA_TOO_NEW: reason(
    "precondition",
    (m) => `database "${m.path}" was written by a newer ao (schema ${m.found}, this one knows ${m.known})`,
    () => "Install the newer ao; nothing was changed.",
  ),
  DATABASE_UNUSABLE: reason(
    "precondition",
    (m) => `database "${m.path}" cannot be used: ${m.problem}`,
    (m) =>
      /disk is full|no space|quota/i.test(String(m.problem))
        ? "Free some space on its disk: ao then goes on by itself, and what agents report waits in the spool."
        : "The file was left as it is. Put a copy in its place or move it away to start afresh, its -wal and -shm files with it.",
  ),
} as const satisfies Record<string, Reason>;
