import type { DaemonInfo } from "../client-types.ts";
import { formatElapsed } from "./duration.ts";
import { fieldLines } from "./fields.ts";
import { isoTime } from "./json-values.ts";
import type { Palette } from "./palette.ts";

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
  ];
}
