import { recorded, superseded } from "./effects.ts";
import { type Effect, isOlder, type Observation } from "./observation.ts";

/** R11: the agent's empty composer is on screen, so no gate is. */
export function onScreenReady(seen: Observation): Effect {
  const { gate, ...open } = seen.facts;
  const readyTime = Math.max(open.readyTime ?? seen.at, seen.at);
  return { facts: { ...open, readyTime }, rule: "R11", reason: "the composer is on screen" };
}

/** R11: a gate is on screen. Once hooks came through, what a screen seems to show is no gate of the start. */
export function onScreenGate(seen: Observation): Effect {
  if (seen.facts.receiptTime !== undefined) return recorded(seen, "R11", "the agent has reported already");
  if (isOlder(seen, seen.facts.readyTime)) return superseded(seen.facts, "the composer was seen since");
  const gate = seen.fields.type ?? "unknown";
  return { facts: { ...seen.facts, gate }, rule: "R11", reason: `the screen shows a gate: ${gate}` };
}
