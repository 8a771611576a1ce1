import { parseClaudeStatus } from "../../src/shim/witness/claude-status.ts";
import { parseCodexTurn } from "../../src/shim/witness/codex-turn.ts";
import type { TraceLine } from "../support/trace-file.ts";

/** A change to one of the agent's own files. */
export interface AgentFile {
  path: string;
  text: string;
  append: boolean;
}

/** Notes in which an observer wrote down claude's status file, without saying when it had changed. */
const NOTE = /^sessions\/<pid>\.json: status:(?<status>\w+)(?: waitingFor:(?<waitingFor>.*\S))?\s*$/;

/** The change a line tells of; undefined for notes about other things. */
export function agentFileOf(
  { event, ts_ns, payload }: TraceLine,
  agent: { pid: number; ticks?: number },
): AgentFile | undefined {
  if (event === "_bench") return noteOf(String(payload.note), ts_ns, agent);
  const { path, text, append } = payload;
  const ours = (one: string) =>
    one.replaceAll("<pid>", String(agent.pid)).replaceAll("<pid-start>", String(agent.ticks));
  return {
    path: ours(String(path)),
    text: ours(String(append ?? text)),
    append: append !== undefined,
  };
}

function noteOf(note: string, ts_ns: number, agent: { pid: number; ticks?: number }): AgentFile | undefined {
  const found = NOTE.exec(note)?.groups;
  if (!found) return undefined;
  const status = {
    pid: agent.pid,
    procStart: String(agent.ticks),
    status: found.status,
    statusUpdatedAt: Math.round(ts_ns / 1e6),
    waitingFor: found.waitingFor,
  };
  const path = `/bench/homes/claude/.claude/sessions/${agent.pid}.json`;
  return { path, text: JSON.stringify(status), append: false };
}

/** True when the witness must have something to say of the change, so that a replay can wait for it. */
export function speaksOf({ path, text }: AgentFile): boolean {
  if (/\/sessions\/\d+\.json$/.test(path)) return parseClaudeStatus(text).kind === "status";
  if (/\/rollout-[^/]*\.jsonl$/.test(path)) return text.split("\n").some((line) => parseCodexTurn(line));
  return false;
}
