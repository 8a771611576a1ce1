import { DaemonServiceDefinition } from "../../gen/ao/v1/daemon_service.ts";
import { type CheckInfo, checkFromProto, type DaemonDescription, daemonFromProto } from "../wire/daemon.ts";
import type { Connection } from "./connection.ts";
import { DEADLINE_MS } from "./deadlines.ts";
import { required } from "./required.ts";

/** Calls of DaemonService. */
export interface DaemonCalls {
  get(signal?: AbortSignal): Promise<DaemonDescription & { uptimeMs: number }>;
  check(signal?: AbortSignal): Promise<CheckInfo[]>;
  /** When it returns, the daemon has begun to stop. */
  stop(signal?: AbortSignal): Promise<void>;
}

/** Makes the calls of DaemonService. */
export function createDaemonCalls(connection: Connection): DaemonCalls {
  const stubs = connection.stubs(DaemonServiceDefinition);
  return {
    get: async (signal) => {
      const call = { name: "GetDaemon", deadlineMs: DEADLINE_MS.read, signal };
      const response = await connection.unary(call, (options) => stubs.getDaemon({}, options));
      return daemonFromProto(required("daemon", response.daemon));
    },
    check: async (signal) => {
      const call = { name: "CheckDaemon", deadlineMs: DEADLINE_MS.check, signal };
      const response = await connection.unary(call, (options) => stubs.checkDaemon({}, options));
      return response.checks.map(checkFromProto);
    },
    stop: async (signal) => {
      const call = { name: "StopDaemon", deadlineMs: DEADLINE_MS.read, signal };
      await connection.unary(call, (options) => stubs.stopDaemon({}, options));
    },
  };
}
