import type { HarnessTraits, Reduction } from "../../src/core/reduce-types.ts";
import { initialFacts, type NewLaunch } from "../../src/core/reducer/initial-facts.ts";
import { reduce } from "../../src/core/reducer/reduce.ts";
import type { Facts, Status } from "../../src/core/session.ts";
import type { Meaning, Signal, SignalFields, SignalKind } from "../../src/core/signal.ts";
import { deriveStatus } from "../../src/core/status.ts";

/** Epoch of all stories; their times are ms after it. */
export const T0 = 1_000_000_000;

/** An agent whose hooks fire at launch and that has a witness. */
export const TRAITS: HarnessTraits = { hooks: true, firstSignal: "launch", secondWitness: true };

/** A launch told signal by signal. */
export interface Story {
  readonly facts: Facts;
  readonly now: number;
  /** Folds a signal in; `at` defaults to one second after the newest so far, `now` follows it. */
  see(meaning: Meaning, fields?: SignalFields, options?: SeeOptions): Reduction;
  /** Status `afterMs` after now. */
  status(afterMs?: number): Status;
  reason(afterMs?: number): string;
}

export interface SeeOptions {
  /** Ms after T0. */
  at?: number;
  kind?: SignalKind;
  launchId?: string;
}

/** Starts a story; unless `running` is false its process has been seen. */
export function tell(
  options: Partial<NewLaunch> & { traits?: HarnessTraits; running?: boolean; previous?: Facts } = {},
): Story {
  const { traits = TRAITS, running = true, previous, ...launch } = options;
  let now = T0;
  let count = 0;
  let facts = initialFacts(
    { launchId: "l1", launchTime: T0, promptPending: false, headless: false, ...launch },
    previous,
  );
  const story: Story = {
    get facts() {
      return facts;
    },
    get now() {
      return now;
    },
    see(
      meaning,
      fields = {},
      { at = now - T0 + 1000, kind = kindOf(meaning), launchId = facts.launchId } = {},
    ) {
      now = Math.max(now, T0 + at);
      count += 1;
      const signal = signalOf({ id: `s${count}`, launchId, at, kind, meaning, fields });
      const reduction = reduce(facts, { signal, meaning }, now, traits);
      facts = reduction.facts;
      return reduction;
    },
    status: (afterMs = 0) => deriveStatus(facts, traits, now + afterMs).status,
    reason: (afterMs = 0) => deriveStatus(facts, traits, now + afterMs).reason,
  };
  if (running) story.see("process_started", { pid: 42, pidStartTicks: 4200 }, { at: 0 });
  return story;
}

/** A signal of a story. */
export function signalOf(signal: {
  id: string;
  at: number;
  meaning: Meaning;
  kind?: SignalKind;
  launchId?: string;
  fields?: SignalFields;
}): Signal {
  const { id, at, meaning, kind = kindOf(meaning), launchId = "l1", fields = {} } = signal;
  return { id, launchId, seq: 0, observedTime: T0 + at, kind, harness: "test", event: meaning, fields };
}

/** Where a meaning usually comes from. */
export function kindOf(meaning: Meaning): SignalKind {
  if (meaning.startsWith("witness_")) return "witness";
  if (meaning === "process_started" || meaning === "process_exited") return "process";
  if (meaning.startsWith("process_") || meaning.startsWith("screen_")) return "probe";
  return meaning === "kill_requested" || meaning === "spawn_failed" ? "request" : "hook";
}
