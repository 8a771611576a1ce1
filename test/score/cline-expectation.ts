import { parseClineStatus } from "../../src/shim/witness/cline-status.ts";
import type { TraceLine } from "../support/trace-file.ts";
import type { AgentFile, Expectation } from "./witness-lines.ts";

/** A session's file in cline's data directory. */
export const CLINE_SESSION = /\/sessions\/([\w-]+)\/\1\.json$/;

/** Creates the expectation of a witness that reads a session's file from when a hook of the root has named it. */
export function createClineExpectation(): Expectation {
  const written = new Map<string, string>();
  let current = "";
  let told = "";
  const speaks = () => {
    const status = written.get(current);
    if (status === undefined || told === `${current} ${status}`) return false;
    told = `${current} ${status}`;
    return true;
  };
  return {
    heard({ payload }: TraceLine) {
      const { rootSessionId } = (payload.sessionContext ?? {}) as { rootSessionId?: string };
      if (rootSessionId === undefined || payload.parent_agent_id) return false;
      current = rootSessionId;
      return speaks();
    },
    speaks({ text }: AgentFile) {
      const reading = parseClineStatus(text, 0);
      if (reading.kind !== "status") return false;
      const { sessionId, status, pid } = reading.status;
      // The replay stands for the agent: of another process no end is believed.
      if (status === "failed" && pid !== process.pid) return false;
      written.set(sessionId, status);
      return sessionId === current && speaks();
    },
  };
}
