import type { Facts } from "../session.ts";
import type { Meaning, SignalFields } from "../signal.ts";
import { recorded, superseded } from "./effects.ts";
import { against, type Effect, isFromAgent, isOlder, type Observation } from "./observation.ts";
import { alive, onProcessExited } from "./process.ts";

/**
 * R4: a witnessed exit is final for its launch; what comes late adds metadata at most. An end on request that was told by
 * the empty process tree alone is settled by the launcher's own record, which knows how and when.
 */
export function onEnded(seen: Observation): Effect {
  const { facts, fields, meaning } = seen;
  if (meaning === "process_started" && facts.process.pid === undefined && fields.pid !== undefined) {
    const process = { ...facts.process, pid: fields.pid, pidStartTicks: fields.pidStartTicks };
    return {
      facts: { ...facts, process },
      rule: "R4",
      reason: "the launch has ended; its process id is known now",
    };
  }
  if (meaning === "process_exited" && isWitnessed(fields) && !isSettled(facts)) return onProcessExited(seen);
  return recorded(seen, "R4", "the launch has ended: nothing can change that");
}

function isWitnessed({ exitCode, exitSignal }: SignalFields): boolean {
  return exitCode !== undefined || exitSignal !== undefined;
}

function isSettled({ process: { exit } }: Facts): boolean {
  return exit?.code !== undefined || exit?.signal !== undefined || exit?.cause === "spawn_failed";
}

/** R4: an inferred death is taken back by later evidence of life, and settled by a witnessed exit. */
export function onLost(seen: Observation, decideLiving: (seen: Observation) => Effect): Effect {
  if (seen.meaning === "process_exited") return onProcessExited(seen);
  if (!isEvidenceOfLife(seen)) return recorded(seen, "R4", "called lost; this is no evidence of life");
  if (isOlder(seen, seen.facts.process.exit?.time)) return noted(seen, decideLiving);
  const effect = decideLiving(against(seen, alive(seen, seen.facts)));
  return { ...effect, superseded: false, rule: "R4", reason: `called lost, but alive: ${effect.reason}` };
}

/** What an agent said before it was called lost came late; it tells how the turn stands, should the verdict be taken back. */
function noted(seen: Observation, decideLiving: (seen: Observation) => Effect): Effect {
  const late = superseded(seen.facts, "older than the verdict that the process is gone");
  if (!isFromAgent(seen.signal)) return late;
  const { facts } = decideLiving(against(seen, alive(seen, seen.facts)));
  const { process, backgroundTasks } = seen.facts;
  return { ...late, facts: { ...facts, process, backgroundTasks } };
}

function isEvidenceOfLife({ signal, meaning }: Observation): boolean {
  return isFromAgent(signal) || LIFE.has(meaning);
}

const LIFE: ReadonlySet<Meaning> = new Set(["process_started", "process_alive", "screen_ready"]);
