import type { TrueInterval, TrueState } from "../../support/trace-file.ts";

/** What an observer saw of a terminal at one instant. */
export interface Look {
  at_ms: number;
  state: TrueState;
}

/** How long before a change shows on the screen it may have begun: on a busy machine hooks and drawing took up to 1.2 s (seen). */
const BEFORE_MS = 1500;
const AFTER_MS = 300;
/** A screen between two states may show neither: what stands so briefly is the change itself. */
const FLICKER_MS = 250;

/** Turns looks, in order of time, into labels: each change and half a second before it is unsure. */
export function labelsOf(looks: readonly Look[]): TrueInterval[] {
  const stretches = withoutFlicker(stretchesOf(looks));
  return stretches.flatMap((stretch, index) => {
    const next = stretches[index + 1];
    const sureFrom = index === 0 ? stretch.from_ms : stretch.from_ms + AFTER_MS;
    const sureTo = next ? stretch.to_ms - BEFORE_MS : stretch.to_ms;
    const { state } = stretch;
    const all: TrueInterval[] = [
      { from_ms: stretch.from_ms, to_ms: Math.min(sureFrom, stretch.to_ms), state, sure: false },
      { from_ms: sureFrom, to_ms: sureTo, state, sure: true },
      { from_ms: Math.max(sureFrom, sureTo), to_ms: stretch.to_ms, state, sure: false },
    ];
    return all.filter(({ from_ms, to_ms }) => to_ms > from_ms);
  });
}

/**
 * Labels of an agent that was given its prompt at launch: until `turnMs`, when its own sign of a turn or a dialog first
 * showed, it is starting up, and nothing is sure of what its composer shows meanwhile. A spinner is no turn yet: claude
 * draws one up to 2.5 s before, while its own file says idle (seen). Undefined: there was no turn.
 */
export function withStartUp(labels: readonly TrueInterval[], turnMs: number | undefined): TrueInterval[] {
  if (turnMs === undefined) return [...labels];
  return labels.flatMap((label) => {
    const { from_ms, to_ms } = label;
    const shown = Math.min(Math.max(turnMs, from_ms), to_ms);
    const sure = Math.min(Math.max(turnMs + AFTER_MS, from_ms), to_ms);
    const parts = [
      { ...label, to_ms: shown, ...startingUp(label) },
      { ...label, from_ms: shown, to_ms: sure, sure: false },
      { ...label, from_ms: sure },
    ];
    return parts.filter((part) => part.to_ms > part.from_ms);
  });
}

function startingUp({ state, sure }: TrueInterval): Pick<TrueInterval, "state" | "sure"> {
  if (state === "not_started") return { state, sure };
  return { state: state === "active" ? "not_started" : state, sure: false };
}

type Stretch = Omit<TrueInterval, "sure">;

function stretchesOf(looks: readonly Look[]): Stretch[] {
  const all: Stretch[] = [];
  for (const { at_ms, state } of looks) {
    const last = all.at(-1);
    if (last) last.to_ms = at_ms;
    if (last?.state !== state) all.push({ from_ms: at_ms, to_ms: at_ms, state });
  }
  return all;
}

/** A dialog or a turn that shows is there, however briefly; an idle screen may be one that is being drawn. */
function withoutFlicker(stretches: readonly Stretch[]): Stretch[] {
  const kept: Stretch[] = [];
  for (const stretch of stretches) {
    const last = kept.at(-1);
    const brief = stretch.state === "idle" && stretch.to_ms - stretch.from_ms < FLICKER_MS;
    if (last && (brief || last.state === stretch.state)) last.to_ms = stretch.to_ms;
    else kept.push({ ...stretch });
  }
  return kept;
}
