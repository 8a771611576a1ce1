import type { Clock } from "../../core/ports/clock.ts";
import type { Signal, SignalFields } from "../../core/signal.ts";
import { timeOf } from "./json-line.ts";
import { createLineTail, type LineTail } from "./line-tail.ts";
import type { Testimony } from "./witness-signal.ts";

/** Questions of codex to its person that are open, as the hooks of its tool tell. */
export interface CodexQuestions {
  /** Takes note of a hook; true when it began a question. */
  hint(signal: Signal): boolean;
  /** Says of each question that it is asked, and that it was answered. */
  look(): Promise<void>;
}

/** One conversation asks one at a time. */
const MAX_OPEN = 16;
const TOOL = "request_user_input";
/** The mode in which the tool fails at once: 15 to 60 ms behind its hook (seen with 0.169.0). */
const REFUSING_MODE = "default";
const REFUSED_MS = 300;
const OUTPUT =
  /^\{"timestamp":"([^"]{1,40})".{0,80}"type":"response_item","payload":\{"type":"function_call_output".{0,200}?"call_id":"([^"]{1,128})"/;
const MODE = /^\{"timestamp":.{0,80}"type":"event_msg","payload":\{"type":"task_started"/;
const MODE_KIND = /"collaboration_mode_kind":"([^"]{1,40})"/;

interface Question {
  callId: string;
  /** Of the tool's hook: epoch ms, and when it was heard of, monotonic. */
  at: number;
  heard: number;
  fields: SignalFields;
  tail: LineTail<QuestionLine>;
  mode?: string;
  asked: boolean;
}

type QuestionLine = { kind: "mode"; mode: string } | { kind: "output"; callId: string; at: number };

/**
 * Reads on in the rollout that the hook of the tool names.
 *
 * Outside of codex's plan mode the tool fails at once, nobody is asked, and no hook tells of its end (seen with 0.169.0):
 * there it counts as asked once its output fails to come. An answer has a PostToolUse, too.
 */
export function createCodexQuestions(given: {
  say(testimony: Testimony): void;
  /** Has it looked at again after so many ms. */
  lookAfter(ms: number): void;
  clock: Clock;
}): CodexQuestions {
  const { say, lookAfter, clock } = given;
  const open = new Map<string, Question>();

  function ask(question: Question): void {
    const { mode, callId, at, heard, fields } = question;
    const left = mode === REFUSING_MODE ? heard + REFUSED_MS - clock.monotonic() : 0;
    if (left > 0) {
      lookAfter(left);
      return;
    }
    question.asked = true;
    say({ id: `codex-${at}-asked-${callId}`, at, event: "question_request", fields });
  }

  async function lookAt(question: Question): Promise<void> {
    const { callId, fields, tail } = question;
    const lines = await tail.read();
    question.mode = lines.findLast((line) => line.kind === "mode")?.mode ?? question.mode;
    const output = lines.find((line) => line.kind === "output" && line.callId === callId);
    if (output?.kind !== "output") {
      if (!question.asked) ask(question);
      return;
    }
    open.delete(callId);
    const id = `codex-${output.at}-answered-${callId}`;
    if (question.asked) say({ id, at: output.at, event: "request_answered", fields });
  }

  return {
    hint({ kind, event, fields, observedTime: at }) {
      const { toolName, toolUseId: callId, transcriptPath: path, agentId } = fields;
      if (kind !== "hook" || event !== "PreToolUse" || toolName !== TOOL) return false;
      if (callId === undefined || path === undefined || open.has(callId)) return false;
      const [oldest] = open.keys();
      if (oldest !== undefined && open.size >= MAX_OPEN) open.delete(oldest);
      const tail = createLineTail(path, parseQuestionLine);
      const whose = { toolName, toolUseId: callId, agentId };
      open.set(callId, { callId, at, heard: clock.monotonic(), fields: whose, tail, asked: false });
      return true;
    },
    async look() {
      for (const question of [...open.values()]) await lookAt(question);
    },
  };
}

/** The mode a turn begins in, or the call and time of a tool's output, without reading the output; never throws. */
export function parseQuestionLine(line: string): QuestionLine | undefined {
  if (MODE.test(line)) {
    const mode = MODE_KIND.exec(line)?.[1];
    return mode === undefined ? undefined : { kind: "mode", mode };
  }
  const [, timestamp, callId] = OUTPUT.exec(line.slice(0, 600)) ?? [];
  const at = timeOf(timestamp);
  return at === undefined || callId === undefined ? undefined : { kind: "output", callId, at };
}
