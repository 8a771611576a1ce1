import type { Signal } from "../../core/signal.ts";

/** So soon behind the end of a turn nobody has typed the next prompt, and the hook of one that was queued tells of it. */
const LATE_MS = 1000;

/** Which hooks of the root say that a turn ended, or that a prompt began one. */
export interface LatePromptHooks {
  isEnd?(hook: Hook): boolean;
  isPrompt(hook: Hook): boolean;
}

type Hook = Pick<Signal, "event" | "fields">;

/** Knows which prompts of a transcript are of a turn that is over: one that is stopped at once may be written behind its end. */
export interface LatePrompts {
  /** Takes note of a hook of the root; true when a turn ended. */
  heard(hook: Hook & Pick<Signal, "observedTime">): boolean;
  /** The transcript says that a turn ended. */
  ended(at: number): void;
  isLate(at: number): boolean;
}

/** Creates it for one launch; times are epoch ms. */
export function createLatePrompts({ isEnd, isPrompt }: LatePromptHooks): LatePrompts {
  let endTime = Number.NEGATIVE_INFINITY;
  let promptTime = Number.NEGATIVE_INFINITY;
  const ended = (at: number) => {
    endTime = Math.max(endTime, at);
  };
  return {
    heard(hook) {
      if (isPrompt(hook)) promptTime = Math.max(promptTime, hook.observedTime);
      const isIts = isEnd?.(hook) ?? false;
      if (isIts) ended(hook.observedTime);
      return isIts;
    },
    ended,
    isLate: (at) => at >= endTime && at - endTime < LATE_MS && promptTime <= endTime,
  };
}

/** Of an agent whose transcript tells of no turn's beginning too late. */
export const NO_LATE_PROMPTS: LatePrompts = { heard: () => false, ended: () => {}, isLate: () => false };
