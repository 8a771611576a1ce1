import type { DaemonInfo } from "../client-types.ts";
import { formatElapsed } from "./duration.ts";
import { fieldLines } from "./fields.ts";
import { isoTime, orNull } from "./json-values.ts";
import type { Palette } from "./palette.ts";
import { oneLine } from "./text-width.ts";

/** The daemon for programs. */
export function daemonJson(daemon: DaemonInfo) {
  return {
    version: daemon.version,
    pid: daemon.pid,
    startTime: isoTime(daemon.startTime),
    uptimeSeconds: Math.floor(daemon.uptimeMs / 1000),
    revision: daemon.revision,
    home: daemon.homePath,
    socket: daemon.socketPath,
    database: daemon.databasePath,
    log: daemon.logPath,
    liveSessions: daemon.liveSessions,
    shimConnected: daemon.shimConnected,
    missedEvents: daemon.missedEvents,
    spoolFiles: daemon.spoolFiles,
    boot: {
      adopted: daemon.boot.adopted,
      pending: daemon.boot.pending,
      died: daemon.boot.died,
      deaths: daemon.boot.deaths.map(({ sessionId, status, reason, unasked }) => ({
        id: sessionId,
        status: orNull(status),
        reason,
        endedUnasked: unasked,
      })),
    },
  };
}

/** The daemon for people: one line that says it runs, then what else there is to know. */
export function daemonLines(daemon: DaemonInfo, palette: Palette): string[] {
  const up = formatElapsed(daemon.uptimeMs);
  const shim = daemon.shimConnected ? "connected" : palette.yellow("not connected");
  return [
    `${palette.green("●")} daemon runs: ao ${daemon.version}, pid ${daemon.pid}, up ${up}`,
    ...fieldLines(
      [
        ["sessions", `${daemon.liveSessions} with a live process`],
        ["shim", shim],
        ["spool", `${daemon.spoolFiles} file(s) waiting`],
        ["missed", `${daemon.missedEvents} event(s) the reaper had to find by itself`],
        ["revision", String(daemon.revision)],
        ["home", daemon.homePath],
        ["socket", daemon.socketPath],
        ["log", daemon.logPath],
      ],
      palette,
    ),
    ...bootLines(daemon.boot, palette),
  ];
}

/** Deaths named in a line; the others are counted. */
const NAMED = 5;

/** What happened while ao was away, and what to type; nothing when nothing did. */
export function bootLines(boot: DaemonInfo["boot"], palette: Palette): string[] {
  if (boot.pending > 0) return [`${boot.pending} session(s) of the daemon before are being looked for`];
  if (boot.died === 0) return [];
  const named = boot.deaths
    .slice(0, NAMED)
    .map(({ sessionId, reason }) => `${sessionId} (${oneLine(reason)})`);
  const others = boot.died - named.length;
  const list = [...named, ...(others > 0 ? [`${others} more`] : [])].join(", ");
  const told = `while ao was away: ${boot.adopted} went on, ${palette.red(`${boot.died} ended`)}: ${list}`;
  if (!boot.deaths.some(({ unasked }) => unasked)) return [told];
  return [
    told,
    `  ${palette.cyan("ao session restore --all")}  ${palette.dim("go on with those nobody ended")}`,
  ];
}
