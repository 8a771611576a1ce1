import { readFileSync } from "node:fs";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { Signal, SignalFields } from "../../../src/core/signal.ts";
import { createWitnesses } from "../../../src/shim/witness/witnesses.ts";
import type { WitnessedLaunch } from "../../../src/shim/witness-source.ts";
import { silentLog } from "../../../src/util/log.ts";
import { eventually } from "../../support/eventually.ts";
import { createManualClock } from "../../support/manual-clock.ts";

/** Epoch ms at which the tests' launches were asked for. */
export const LAUNCH_TIME = Date.parse("2026-11-22T16:00:00.000Z");

/** This process, which stands for the agent where one must live. */
export const ME = { pid: process.pid, startTicks: ownStartTicks() };

function ownStartTicks(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
}

/** A launch under its witness, with what the witness has said so far. */
export interface WatchedLaunch {
  said: Signal[];
  /** What was said as `event` or `event:type`. */
  words(): string[];
  hint(signal: Partial<Signal> & { fields: SignalFields }): void;
  [Symbol.dispose](): void;
}

/** Starts the witness of a harness on a launch. Time stands still unless a clock is given: only change events wake it. */
export function watchLaunch(options: {
  harness:
    | "claude-code"
    | "codex"
    | "gemini"
    | "qwen"
    | "copilot"
    | "cline"
    | "grok"
    | "kilocode"
    | "opencode"
    | "vibe"
    | "continue";
  witness: Record<string, string>;
  agent?: { pid: number; startTicks?: number };
  launchTime?: number;
  workspacePath?: string;
  clock?: Clock;
  pollMs?: number;
}): WatchedLaunch {
  const { harness, witness, agent, clock = createManualClock(LAUNCH_TIME), pollMs } = options;
  const launch: WitnessedLaunch = {
    launchId: "l1",
    sessionId: "p-1",
    harness,
    workspacePath: options.workspacePath ?? "/w",
    launchTime: options.launchTime ?? LAUNCH_TIME,
    witness,
    pid: agent?.pid,
    pidStartTicks: agent?.startTicks,
  };
  const said: Signal[] = [];
  const source = createWitnesses({ clock, log: silentLog, ...(pollMs ? { pollMs } : {}) })[harness];
  if (!source) throw new Error(`no witness of ${harness}`);
  const stop = source.start(launch, (signal) => said.push(signal));
  return {
    said,
    words: () => said.map(({ event, fields }) => (fields.type ? `${event}:${fields.type}` : event)),
    hint: (signal) => source.hint?.({ ...hookOf(launch), ...signal }),
    [Symbol.dispose]: stop,
  };
}

/** Waits until the witness has spoken once, then takes each step and waits until it has spoken once more. */
export async function eachTold(launch: WatchedLaunch, steps: readonly (() => void)[]): Promise<void> {
  for (const [index, step] of [() => {}, ...steps].entries()) {
    step();
    await eventually(() => launch.said.length === index + 1, { what: `word ${index + 1} of the witness` });
  }
}

function hookOf({ launchId, harness }: WitnessedLaunch): Signal {
  const observedTime = LAUNCH_TIME + 1;
  return {
    id: "s1",
    launchId,
    seq: 1,
    observedTime,
    kind: "hook",
    harness,
    event: "UserPromptSubmit",
    fields: {},
  };
}
