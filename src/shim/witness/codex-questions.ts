import type { Signal } from "../../core/signal.ts";
import { timeOf } from "./json-line.ts";
import { createLineTail, type LineTail } from "./line-tail.ts";
import type { Testimony } from "./witness-signal.ts";

/** Questions of codex to its person that are open, as the hooks of its tool tell. */
export interface CodexQuestions {
  /** Takes note of a hook; true when it began a question. */
  hint(signal: Signal): boolean;
  /** Says of each question that was answered, or failed, that it is over. */
  look(): Promise<void>;
}

/** One conversation asks one at a time. */
const MAX_OPEN = 16;
const TOOL = "request_user_input";
const OUTPUT =
  /^\{"timestamp":"([^"]{1,40})".{0,80}"type":"response_item","payload":\{"type":"function_call_output".{0,200}?"call_id":"([^"]{1,128})"/;

interface Question {
  callId: string;
  agentId: string | undefined;
  tail: LineTail<Output>;
}

interface Output {
  callId: string;
  at: number;
}

/**
 * Waits for the output of the tool that asks, in the rollout that its own hook names.
 *
 * Outside of codex's plan mode the tool fails at once, and then no hook tells of its end (seen with 0.169.0); an answer has
 * a PostToolUse, too.
 */
export function createCodexQuestions(say: (testimony: Testimony) => void): CodexQuestions {
  const open = new Map<string, Question>();

  async function lookAt({ callId, agentId, tail }: Question): Promise<void> {
    const output = (await tail.read()).find((one) => one.callId === callId);
    if (!output) return;
    open.delete(callId);
    const fields = { toolUseId: callId, agentId };
    say({ id: `codex-${output.at}-answered-${callId}`, at: output.at, event: "request_answered", fields });
  }

  return {
    hint({ kind, event, fields }) {
      const { toolName, toolUseId: callId, transcriptPath: path, agentId } = fields;
      if (kind !== "hook" || event !== "PreToolUse" || toolName !== TOOL) return false;
      if (callId === undefined || path === undefined) return false;
      const [oldest] = open.keys();
      if (oldest !== undefined && open.size >= MAX_OPEN) open.delete(oldest);
      open.set(callId, { callId, agentId, tail: createLineTail(path, parseOutput) });
      return true;
    },
    async look() {
      for (const question of [...open.values()]) await lookAt(question);
    },
  };
}

/** The call and time of a tool's output, without reading the output; never throws. */
export function parseOutput(line: string): Output | undefined {
  const [, timestamp, callId] = OUTPUT.exec(line.slice(0, 600)) ?? [];
  const at = timeOf(timestamp);
  return at === undefined || callId === undefined ? undefined : { callId, at };
}
