import type { Exit, ExitCause, Facts, ProcessFacts } from "../session.ts";
import type { Signal } from "../signal.ts";
import { recorded, superseded } from "./effects.ts";
import { memoryOf } from "./memory.ts";
import { against, type Effect, isFromAgent, isOlder, type Observation } from "./observation.ts";

/** R11: a launch that never showed life is called dead only this long after it was asked for. */
export const STARTING_DEADLINE_MS = 15_000;
/** The kernel stamps files 4 ms coarsely: an exit that a kill caused may seem a little older than the request. */
const KILL_SLACK_MS = 20;

const CAUSES: ReadonlySet<string> = new Set<ExitCause>([
  "exited",
  "signaled",
  "killed",
  "out_of_memory",
  "host_rebooted",
  "terminal_gone",
  "spawn_failed",
]);

/** R11: first proof of life, by the launcher. */
export function onProcessStarted(seen: Observation): Effect {
  return { facts: alive(seen, seen.facts), rule: "R11", reason: "the process runs" };
}

/** Facts whose process runs; what is known of it stays. */
export function alive({ signal, at }: Observation, facts: Facts): Facts {
  const { exit, stoppedTime, ...known } = facts.process;
  const runningTime = Math.min(known.runningTime ?? at, at);
  return { ...facts, process: { ...known, ...identity(signal), state: "running", runningTime } };
}

function identity({ kind, fields: { pid, pidStartTicks } }: Signal): Partial<ProcessFacts> {
  return kind !== "process" || pid === undefined ? {} : { pid, pidStartTicks };
}

/** R3: a witnessed exit ends the launch whatever its activity was. */
export function onProcessExited(seen: Observation): Effect {
  const exit = exitOf(seen);
  return { facts: ended(seen.facts, "exited", exit), rule: "R3", reason: "the process ended" };
}

/** R9: found gone; R3: that ends the launch whatever its activity was. */
export function onProcessDead(seen: Observation): Effect {
  const { facts, fields } = seen;
  if (isOlder(seen, newestLife(facts))) return superseded(facts, "there is newer evidence of life");
  if (fields.pid !== undefined && facts.process.pid !== undefined && fields.pid !== facts.process.pid) {
    return superseded(facts, "the verdict is about another process");
  }
  if (isTooEarly(seen)) return recorded(seen, "R11", "no death before the first proof of life");
  const known = fields.exitCode !== undefined || fields.exitSignal !== undefined;
  const asked = facts.killRequestedTime !== undefined;
  const state = known || asked ? "exited" : "lost";
  const why = asked ? "it was asked to end, and is gone" : "the process is gone, and nobody saw it end";
  const rule = facts.process.state === "starting" ? "R11" : "R9";
  return { facts: ended(facts, state, exitOf(seen)), rule, reason: why };
}

function isTooEarly({ facts, fields, at }: Observation): boolean {
  if (facts.process.state !== "starting" || facts.killRequestedTime !== undefined) return false;
  return fields.reason !== "host_rebooted" && at - facts.launchTime < STARTING_DEADLINE_MS;
}

/** Newest hook, report or witness of the launch. */
function newestLife(facts: Facts): number | undefined {
  const times = [memoryOf(facts).hookTime, facts.witnessTime].filter((time) => time !== undefined);
  return times.length > 0 ? Math.max(...times) : undefined;
}

function exitOf({ facts, fields, meaning, at }: Observation): Exit {
  const killed = facts.killRequestedTime !== undefined && at >= facts.killRequestedTime - KILL_SLACK_MS;
  const told = CAUSES.has(fields.reason ?? "") ? (fields.reason as ExitCause) : undefined;
  const seenCause = fields.exitSignal ? "signaled" : meaning === "process_exited" ? "exited" : undefined;
  const cause = killed ? "killed" : (told ?? (fields.exitCode === undefined ? seenCause : "exited"));
  return { code: fields.exitCode, signal: fields.exitSignal, cause, time: at };
}

function ended(facts: Facts, state: "exited" | "lost", exit: Exit): Facts {
  const { gate, ...known } = facts;
  const { stoppedTime, ...process } = facts.process;
  return { ...known, process: { ...process, state, exit }, requests: [], backgroundTasks: 0 };
}

/** R4: a probe found the process alive. */
export function onProcessAlive(seen: Observation): Effect {
  switch (seen.facts.process.state) {
    case "starting":
      return { facts: alive(seen, seen.facts), rule: "R11", reason: "the process was seen running" };
    case "running":
    case "lost":
    case "exited":
      return recorded(seen, "R9", "the process runs, as known");
  }
}

/** R9: a stopped process is alive; what it waits on or works at does not change, only that nothing comes of it. */
export function onProcessStopped(seen: Observation): Effect {
  const { stoppedTime, ...process } = seen.facts.process;
  if (process.state !== "running") return recorded(seen, "R9", "only a running process can be stopped");
  const stopped = seen.meaning === "process_stopped";
  const changed = stopped ? { stoppedTime: stoppedTime ?? seen.at } : {};
  return {
    facts: { ...seen.facts, process: { ...process, ...changed } },
    rule: "R9",
    reason: stopped ? "the process is stopped, but alive" : "the process is not stopped",
  };
}

/** A word of the agent that is newer than the look which found it stopped: it runs on, or the next look says so again. */
export function goingOn(seen: Observation): Observation {
  const { stoppedTime, ...process } = seen.facts.process;
  if (stoppedTime === undefined || seen.at <= stoppedTime || !isFromAgent(seen.signal)) return seen;
  return against(seen, { ...seen.facts, process });
}

/** What follows is the work of whoever asked. */
export function onKillRequested(seen: Observation): Effect {
  const killRequestedTime = seen.facts.killRequestedTime ?? seen.at;
  return { facts: { ...seen.facts, killRequestedTime }, rule: "-", reason: "somebody asked to end it" };
}

/** The launch failed before the agent ran: as final as an exit. */
export function onSpawnFailed(seen: Observation): Effect {
  const exit: Exit = { cause: "spawn_failed", time: seen.at };
  const problem = seen.fields.message ?? seen.fields.reason;
  return {
    facts: { ...ended(seen.facts, "exited", exit), problem },
    rule: "R3",
    reason: "it could not be started",
  };
}
