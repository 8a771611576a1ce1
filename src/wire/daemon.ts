import * as pb from "../../gen/ao/v1/daemon.ts";
import type { Status } from "../core/session.ts";
import { enumTable } from "./enum-table.ts";
import { statuses } from "./session-words.ts";
import { fromDate, fromDuration, toDate, toDuration } from "./time.ts";

/** Grade of a check. */
export type CheckLevel = "ok" | "warning" | "error";

/** Grades on the wire. */
export const checkLevels = enumTable<CheckLevel, pb.CheckLevel>({
  ok: pb.CheckLevel.CHECK_LEVEL_OK,
  warning: pb.CheckLevel.CHECK_LEVEL_WARNING,
  error: pb.CheckLevel.CHECK_LEVEL_ERROR,
});

/** One line of the doctor's report. */
export interface CheckInfo {
  name: string;
  /** Undefined for a grade this version does not know. */
  level?: CheckLevel;
  detail: string;
  /** What to do; empty when nothing. */
  hint: string;
}

/** The running daemon. Times are epoch ms. */
export interface DaemonDescription {
  version: string;
  pid: number;
  startTime: number;
  revision: number;
  homePath: string;
  socketPath: string;
  databasePath: string;
  logPath: string;
  liveSessions: number;
  shimConnected: boolean;
  missedEvents: number;
  spoolFiles: number;
  boot: BootInfo;
}

/** What became of the sessions that ran when the daemon before ended. */
export interface BootInfo {
  adopted: number;
  /** Fates not known yet. */
  pending: number;
  /** How many ended and were not started again or removed since. */
  died: number;
  /** The first 100 of them. */
  deaths: readonly { sessionId: string; status?: Status; reason: string; unasked: boolean }[];
}

/** As the daemon holds it. */
type BootReport = Omit<BootInfo, "died">;

const MAX_DEATHS = 100;

/** Converts the daemon's description to its message; `now` (epoch ms) gives the uptime. */
export function daemonToProto(
  daemon: Omit<DaemonDescription, "boot"> & { boot: BootReport },
  now: number,
): pb.Daemon {
  return {
    version: daemon.version,
    pid: daemon.pid,
    startTime: toDate(daemon.startTime),
    uptimeDuration: toDuration(Math.max(0, now - daemon.startTime)),
    revision: daemon.revision,
    homePath: daemon.homePath,
    socketPath: daemon.socketPath,
    databasePath: daemon.databasePath,
    logPath: daemon.logPath,
    liveSessionCount: daemon.liveSessions,
    shimConnected: daemon.shimConnected,
    missedEventCount: daemon.missedEvents,
    spoolFileCount: daemon.spoolFiles,
    boot: bootToProto(daemon.boot),
  };
}

function bootToProto({ adopted, pending, deaths }: BootReport): pb.BootReport {
  return {
    adoptedCount: adopted,
    pendingCount: pending,
    deathCount: deaths.length,
    deaths: deaths.slice(0, MAX_DEATHS).map(({ sessionId, status, reason, unasked }) => ({
      sessionId,
      status: status ? statuses.toProto(status) : 0,
      reason,
      endedUnasked: unasked,
    })),
  };
}

function bootFromProto(message: pb.BootReport | undefined): BootInfo {
  const { adoptedCount = 0, pendingCount = 0, deathCount = 0, deaths = [] } = message ?? {};
  return {
    adopted: adoptedCount,
    pending: pendingCount,
    died: deathCount,
    deaths: deaths.map(({ sessionId, status, reason, endedUnasked }) => ({
      sessionId,
      status: statuses.fromProto(status),
      reason,
      unasked: endedUnasked,
    })),
  };
}

/** Converts a message to the daemon's description, with its uptime by its own clock. */
export function daemonFromProto(message: pb.Daemon): DaemonDescription & { uptimeMs: number } {
  return {
    version: message.version,
    pid: message.pid,
    startTime: fromDate(message.startTime) ?? 0,
    uptimeMs: message.uptimeDuration ? fromDuration(message.uptimeDuration) : 0,
    revision: message.revision,
    homePath: message.homePath,
    socketPath: message.socketPath,
    databasePath: message.databasePath,
    logPath: message.logPath,
    liveSessions: message.liveSessionCount,
    shimConnected: message.shimConnected,
    missedEvents: message.missedEventCount,
    spoolFiles: message.spoolFileCount,
    boot: bootFromProto(message.boot),
  };
}

/** Converts a check to its message. */
export function checkToProto({ name, level, detail, hint }: CheckInfo): pb.Check {
  return {
    name,
    level: level ? checkLevels.toProto(level) : pb.CheckLevel.CHECK_LEVEL_UNSPECIFIED,
    detail,
    hint,
  };
}

/** Converts a message to a check. */
export function checkFromProto({ name, level, detail, hint }: pb.Check): CheckInfo {
  return { name, level: checkLevels.fromProto(level), detail, hint };
}
