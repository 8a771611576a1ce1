import type { ModelRequest, Turn } from "./model-request.ts";

/**
 * What the model does next: the last line of the last prompt that begins with a keyword is its script, steps apart by
 * `;;`, one step for each answer. In a subagent's prompt `,,` stands for `;;`.
 *
 *   SAY text · RECALL (the last number an earlier prompt said) · RUN command · TASK prompt of a subagent · ASK question · CALL tool {json}
 *   SLOW seconds (before the next step) · HANG (no answer) · HANGMID text (text, then nothing more)
 *   ERR status [times, then the next step] [{json}: `headers`, the rest is the error] · FULL tokens (used, says the next
 *   answer) · PAR step || step (calls of one answer)
 */
export interface Step {
  kind: "SAY" | "RECALL" | "RUN" | "TASK" | "ASK" | "CALL" | "HANG" | "HANGMID" | "ERR" | "PAR";
  argument: string;
  delayMs: number;
  /** Tokens the conversation takes, says the answer. */
  tokens?: number;
  /** What comes when an error has been given as often as it should. */
  next?: Step;
}

/** A real model takes longer. */
const COMPACTION_MS = 3000;

const KEYWORDS = "SAY|RECALL|RUN|TASK|ASK|CALL|SLOW|HANGMID|HANG|ERR|FULL|PAR";
const SCRIPT_LINE = new RegExp(`(?:^|\\n|>|")\\s*((?:${KEYWORDS})\\b[^\\n<]*)`, "g");
/** Blocks agents add to prompts: they may quote anything. */
const ADDED = /<(system-reminder|environment_context|user_instructions|INSTRUCTIONS)>[\s\S]*?<\/\1>/g;

/** Reads the step that is due. A request without tools is for a title or the like, unless the agent has none. */
export function nextStep({ turns, tools }: ModelRequest, { withoutTools = false } = {}): Step {
  if (!withoutTools && tools.every(({ name }) => name === "session_title"))
    return { kind: "SAY", argument: "mock title", delayMs: isCompaction(turns) ? COMPACTION_MS : 0 };
  const start = turns.findLastIndex((turn) => scriptOf(turn) !== undefined);
  const script = start < 0 ? undefined : scriptOf(turns[start]);
  const answered = turns
    .slice(start + 1)
    .filter((turn) => turn.role === "model" && turn.toolCalls > 0).length;
  const step = steps(script ?? "SAY mock reply")[answered] ?? { kind: "SAY", argument: "done", delayMs: 0 };
  return step.kind === "RECALL" ? { ...step, kind: "SAY", argument: numberIn(turns.slice(0, start)) } : step;
}

/** What a model that was told nothing of the conversation cannot know. */
function numberIn(turns: readonly Turn[]): string {
  const said = turns.flatMap((turn) => (turn.role === "user" ? [scriptOf(turn) ?? ""] : []));
  return /\bready (\d{5})\b/.exec(said.join("\n"))?.[1] ?? "nothing";
}

/** What gemini and qwen ask for when they compact a conversation. */
function isCompaction(turns: readonly Turn[]): boolean {
  const last = turns.at(-1);
  return last?.role === "user" && last.text.includes("<state_snapshot>");
}

function scriptOf(turn: Turn | undefined): string | undefined {
  if (turn?.role !== "user") return undefined;
  return [...turn.text.replace(ADDED, "").matchAll(SCRIPT_LINE)].at(-1)?.[1];
}

function steps(script: string): Step[] {
  let delayMs = 0;
  let tokens: number | undefined;
  const all: Step[] = [];
  for (const part of script.split(/\s*;;\s*/)) {
    const [, kind = "SAY", argument = ""] = /^(\S+)\s*([\s\S]*)$/.exec(part) ?? [];
    if (kind === "SLOW") delayMs += Number(argument || 5) * 1000;
    else if (kind === "FULL") tokens = Number(argument);
    else {
      const step: Step = { kind: kind as Step["kind"], argument: argument.trim(), delayMs, tokens };
      const failed = all.at(-1);
      if (failed && passes(failed)) failed.next = step;
      else all.push(step);
      delayMs = 0;
      tokens = undefined;
    }
  }
  if (delayMs > 0) all.push({ kind: "SAY", argument: "done", delayMs });
  return all;
}

/** An error that is given some times only stands before the step it delays. */
function passes({ kind, argument, next }: Step): boolean {
  return kind === "ERR" && next === undefined && /^\d+ \d/.test(argument);
}
