import { claudeTestimony, parseClaudeStatus } from "../../src/shim/witness/claude-status.ts";
import { parseCodexTurn } from "../../src/shim/witness/codex-turn.ts";
import type { TraceLine } from "../support/trace-file.ts";
import { CLINE_SESSION, createClineExpectation } from "./cline-expectation.ts";
import { createQuestionExpectation } from "./question-expectation.ts";
import { createTranscriptExpectation } from "./transcript-expectation.ts";
import { createVibeExpectation, isVibesFile } from "./vibe-expectation.ts";

/** A change to one of the agent's own files. */
export interface AgentFile {
  path: string;
  text: string;
  append: boolean;
  /** It was removed. */
  gone?: boolean;
}

/** The process that stands for a recording's agent, and for the server that it starts for itself. */
export interface ReplayedAgent {
  pid: number;
  ticks?: number;
  server?: number;
}

const SERVER = "<server>";

/** A change that names the agent's server. */
export function isOfServer({ event, payload }: TraceLine): boolean {
  return event === "_witness" && String(payload.text).includes(SERVER);
}

/** Notes in which an observer wrote down claude's status file, without saying when it had changed. */
const NOTE = /^sessions\/<pid>\.json: status:(?<status>\w+)(?: waitingFor:(?<waitingFor>.*\S))?\s*$/;

/** The change a line tells of; undefined for notes about other things. */
export function agentFileOf(
  { event, ts_ns, payload }: TraceLine,
  agent: ReplayedAgent,
): AgentFile | undefined {
  if (event === "_bench") return noteOf(String(payload.note), ts_ns, agent);
  const { path, text = "", append, gone } = payload;
  const ours = (one: string) =>
    one
      .replaceAll("<pid>", String(agent.pid))
      .replaceAll("<pid-start>", String(agent.ticks))
      .replaceAll(SERVER, String(agent.server));
  return {
    path: ours(String(path)),
    text: ours(String(append ?? text)),
    append: append !== undefined,
    gone: gone === true,
  };
}

function noteOf(note: string, ts_ns: number, agent: ReplayedAgent): AgentFile | undefined {
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

/** Whether the witness must have something to say of a change, so that a replay can wait for it. */
export interface Expectation {
  /** Takes note of a hook; true when it makes the witness speak of a file it had no name of. */
  heard(line: TraceLine): boolean;
  /** Asked of each change, in order. */
  speaks(file: AgentFile): boolean;
}

/** Creates the expectation of one recording of a launch that began at `since`, epoch ms. */
export function createExpectation(since: number): Expectation {
  const cline = createClineExpectation();
  const transcripts = createTranscriptExpectation(since);
  const vibe = createVibeExpectation(since);
  const children = new Set<unknown>();
  const questions = createQuestionExpectation();
  let told = "";
  let transcript: unknown;
  const speaks = (file: AgentFile) => {
    const { path, text } = file;
    // Codex writes that a turn began before its first hook names the file: the witness reads that when it is named.
    if (/\/rollout-[^/]*\.jsonl$/.test(path)) {
      if (questions.isAnswered(path, text)) return true;
      const turns = text.split("\n").flatMap((line) => parseCodexTurn(line) ?? []);
      return path === transcript
        ? turns.length > 0
        : children.has(path) && turns.some(({ kind }) => kind !== "started");
    }
    if (CLINE_SESSION.test(path)) return cline.speaks(file);
    if (isVibesFile(file)) return vibe.speaks(file);
    if (!/\/sessions\/\d+\.json$/.test(path)) return transcripts.speaks(file);
    const reading = parseClaudeStatus(text);
    // A clear changes the conversation's id and leaves the status: nothing new is said.
    const id = reading.kind === "status" ? claudeTestimony(reading.status).id : told;
    const isNew = id !== told;
    told = id;
    return isNew;
  };
  const heard = (line: TraceLine) => {
    const { transcript_path: path, agent_id: agent } = line.payload;
    // Hooks of codex's subagents name their own rollout; those of others' subagents the root's transcript.
    if (agent !== undefined && String(path).endsWith(`-${agent}.jsonl`)) children.add(path);
    else transcript = path ?? transcript;
    transcripts.heard(line);
    return [cline, vibe, questions].map((one) => one.heard(line)).includes(true);
  };
  return { heard, speaks };
}
