import type { Facts } from "../session.ts";
import { summaryOf } from "../text/title.ts";
import { isLastTurn, isTurnNewer, recorded, superseded, working } from "./effects.ts";
import { EVERYBODY, ROOT, remember, withTurn } from "./memory.ts";
import { type Effect, isOlder, type Observation } from "./observation.ts";
import { endTurnOf, endWaits } from "./requests.ts";

/** From the end of a turn to the agent's own word that a queued prompt began the next: 16-140 ms (seen with claude 2.1.330). */
const QUEUE_MS = 1000;

/** A person's prompt: begins the turn, or is queued in mid-turn; whoever could type sees no dialog any more (R5). */
export function onPrompt(seen: Observation): Effect {
  const answered = { ...endTurnOf(seen.facts, EVERYBODY, seen.at), promptPending: false };
  if (isTurnNewer(seen)) return superseded(answered, "a prompt older than what the turn shows now");
  const queued = seen.memory.turn.state === "active";
  const reason = queued ? "a prompt in mid-turn: the turn goes on" : "a prompt began the turn";
  const facts = remember(working(seen, answered), { prompts: (seen.memory.prompts ?? 0) + 1 });
  return { facts, rule: queued ? "R7" : "-", reason };
}

/** A prompt no person wrote: the turn runs, nothing else follows from it. */
export function onSyntheticPrompt(seen: Observation): Effect {
  const facts = endTurnOf(seen.facts, ROOT, seen.at);
  if (isTurnNewer(seen)) return superseded(facts, "older than what the turn shows now");
  return { facts: working(seen, facts), rule: "R7", reason: "a prompt no person wrote: the turn runs" };
}

/** Any sign that the root's turn runs. */
export function onProgress(seen: Observation): Effect {
  if (isTurnNewer(seen)) return superseded(seen.facts, "older than what the turn shows now");
  const before = seen.memory.turn.state;
  const reason = before === "active" ? "the turn goes on" : "the agent works again";
  return { facts: working(seen, seen.facts), rule: before === "waiting_input" ? "R6" : "-", reason };
}

/** The turn ended by itself; what runs on in the background is the agent's own count, else what ao saw begin (R7). */
export function onTurnEnd(seen: Observation): Effect {
  const facts = endTurnOf(seen.facts, ROOT, seen.at);
  const counted = countTasks(seen, facts);
  const { backgroundTasks } = counted;
  if (isTurnNewer(seen)) {
    return superseded(
      countLateEnd(seen, { facts, counted }),
      "a turn's end older than what the turn shows now",
    );
  }
  // A second end of a turn that failed (opencode sends both) takes nothing back: work after an error does.
  const closed = seen.memory.turn.state === "idle" ? counted : endWaits(counted, seen.at);
  const ended = takeQueue(seen, toIdle(seen, closed));
  return backgroundTasks === 0
    ? { facts: ended, rule: "-", reason: "the turn ended" }
    : { facts: ended, rule: "R7", reason: "the turn ended; background tasks run on" };
}

/** The witness may see an end, and a prompt may come, before the hook that says what runs on; a newer count stands. */
function countLateEnd(seen: Observation, { facts, counted }: { facts: Facts; counted: Facts }): Facts {
  if (isLastTurn(seen)) return isOlder(seen, seen.memory.counted?.time) ? facts : counted;
  const { backgroundTasks } = seen.fields;
  if (backgroundTasks === undefined || isOlder(seen, seen.memory.ownCountTime)) return facts;
  // The turn that runs keeps no count that is its own.
  return remember({ ...facts, backgroundTasks }, { ownCountTime: seen.at });
}

/** Facts with the tasks that run on: as many as the agent says, else those seen to begin and not to end. */
function countTasks({ fields, memory, at }: Observation, facts: Facts): Facts {
  const own = fields.backgroundTasks !== undefined;
  const ownCountTime = own ? at : memory.ownCountTime;
  const backgroundTasks = fields.backgroundTasks ?? memory.runningAgents.length;
  const runningAgents = backgroundTasks === 0 ? [] : memory.runningAgents;
  const counted = { time: at, own, late: [] };
  return remember({ ...facts, backgroundTasks }, { runningAgents, counted, ownCountTime });
}

/** A person stopped the turn: Esc, a denial, Ctrl-C. */
export function onInterrupt(seen: Observation): Effect {
  const facts = endTurnOf(seen.facts, ROOT, seen.at);
  if (isTurnNewer(besidesEnds(seen))) {
    // Told after the end that it led to (kilo says both within 16 ms): the turn was stopped all the same.
    const told = isLastTurn(seen) ? remember(facts, { stoppedTime: seen.at }) : facts;
    return superseded(told, "an interrupt older than what the turn shows now");
  }
  return {
    facts: remember(toIdle(seen, endWaits(facts, seen.at)), { stoppedTime: seen.at }),
    rule: "-",
    reason: "a person stopped the turn",
  };
}

/** Tools that ended since a turn was stopped say nothing against it. */
function besidesEnds(seen: Observation): Observation {
  const { turn } = seen.memory;
  const evidenceTime = turn.besidesEnds ?? turn.evidenceTime;
  return { ...seen, memory: { ...seen.memory, turn: { ...turn, evidenceTime } } };
}

/** The turn ended with an error; a usage limit that caused it goes on. */
export function onTurnFailed(seen: Observation): Effect {
  const facts = endTurnOf(seen.facts, ROOT, seen.at);
  const problem = problemOf(seen);
  if (isTurnNewer(seen)) {
    const told = isLastTurn(seen) ? { ...facts, problem } : facts;
    return superseded(told, "a failure older than what the turn shows now");
  }
  return {
    facts: { ...toIdle(seen, facts), problem },
    rule: "-",
    reason: "the turn ended with an error",
  };
}

/** An agent that says of each turn that it is over says so after an error too: until then it works on it (opencode: 2 ms). */
export function onTurnProblem(seen: Observation): Effect {
  const problem = problemOf(seen);
  const reason = "the turn met an error; its end is told apart";
  if (!isTurnNewer(seen)) return { facts: { ...seen.facts, problem }, rule: "-", reason };
  const facts = isLastTurn(seen) ? { ...seen.facts, problem } : seen.facts;
  return superseded(facts, "an error older than what the turn shows now");
}

function problemOf({ fields }: Observation): string {
  return summaryOf(fields.message ?? "") || summaryOf(fields.reason ?? "") || "the agent did not say why";
}

/** R6: a notification raises only the turn it belongs to. */
export function onNotifyIdle(seen: Observation): Effect {
  if (isTurnNewer(seen)) return superseded(seen.facts, "a notification older than what the turn shows now");
  const before = seen.memory.turn.state;
  if (before === "waiting_input") return recorded(seen, "R6", "still waits for the next instruction");
  const facts = withTurn(endTurnOf(seen.facts, ROOT, seen.at), "idle", seen.at);
  const reason = before === "idle" ? "idle as before: the turn was over" : "the agent says its turn is over";
  return { facts, rule: "R6", reason };
}

/** R6: the agent is at an empty prompt and asks for the next instruction. */
export function onNotifyInput(seen: Observation): Effect {
  if (isTurnNewer(seen)) return superseded(seen.facts, "a notification older than what the turn shows now");
  if (seen.facts.headless) return recorded(seen, "R6", "nobody can type: there is no terminal");
  const facts = withTurn(endTurnOf(seen.facts, ROOT, seen.at), "waiting_input", seen.at);
  return {
    facts: { ...facts, promptPending: false },
    rule: "R6",
    reason: "the agent asks for the next instruction",
  };
}

/** Claude ends a turn before it takes a queued prompt, others end one for both: what follows tells, or the time. */
function takeQueue(seen: Observation, facts: Facts): Facts {
  return (seen.memory.prompts ?? 0) > 1 ? remember(facts, { queueTime: seen.at + QUEUE_MS }) : facts;
}

function toIdle(seen: Observation, facts: Facts): Facts {
  return withTurn({ ...facts, promptPending: false }, "idle", seen.at);
}
