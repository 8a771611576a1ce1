import type { HarnessTraits, StatusVerdict } from "./reduce-types.ts";
import type { Exit, Facts, PendingRequest } from "./session.ts";

/** R10: how long a harness with hooks may run without a word. */
export const NO_SIGNAL_MS = 90_000;
/** R8: how long a turn is believed to run without evidence. */
export const LEASE_MS = 120_000;
/**
 * R10: how long an agent that says nothing before its first prompt may run, without one and with no gate seen, before it
 * is taken to stand at its composer. Codex and copilot draw theirs in 0.4 to 3 s (seen).
 */
const QUIET_START_MS = 5000;
/** R11: how long a start may take before its reason says so. */
const SLOW_START_MS = 30_000;

/**
 * Derives the one word shown to a person, by the order of design §6, and one short sentence why.
 *
 * Pure; `now` is epoch ms. A harness without hooks that has shown nothing is `unverified`, at once or, where its screen is
 * a witness, after the time it has to begin: it may work or wait, and nobody has said (never `no_signal`, which would blame
 * its silence).
 */
export function deriveStatus(facts: Facts, traits: HarnessTraits, now: number): StatusVerdict {
  switch (facts.process.state) {
    case "exited":
      return endedStatus(facts.process.exit, facts.problem);
    case "lost":
      return lostStatus(facts.process.exit);
    case "starting":
      return { status: "starting", reason: startingReason(facts, now) };
    case "running":
      return withStop(facts, runningStatus(facts, traits, now));
  }
}

/** What the session waits on: its oldest open request, or the next instruction; undefined while it waits for nobody. */
export function waitingOn(facts: Facts): PendingRequest | undefined {
  const { activity, requests } = facts;
  switch (activity.state) {
    case "blocked":
      return requests[0];
    case "waiting_input":
      return { kind: "prompt", since: activity.since, requestId: "" };
    case "active":
    case "idle":
    case "exited":
      return undefined;
  }
}

/** When the status will change if nothing but time passes; undefined when it never will. Epoch ms, later than `now`. */
export function nextStatusChange(facts: Facts, traits: HarnessTraits, now: number): number | undefined {
  const current = deriveStatus(facts, traits, now).status;
  const edges = [quietStartEnd(facts), signalDeadline(facts), leaseEnd(facts), queueEnd(facts)]
    .filter((time) => time > now)
    .sort((a, b) => a - b);
  return edges.find((time) => deriveStatus(facts, traits, time).status !== current);
}

function endedStatus(exit: Exit | undefined, problem: string | undefined): StatusVerdict {
  if (exit?.cause === "killed") return { status: "terminated", reason: "ended on request" };
  if (exit?.cause === "spawn_failed") {
    return {
      status: "failed",
      reason: problem ? `could not be started: ${problem}` : "could not be started",
    };
  }
  if (exit?.cause === "out_of_memory") return { status: "failed", reason: "killed for want of memory" };
  if (exit?.cause === "terminal_gone") return { status: "failed", reason: "its terminal is gone" };
  if (exit?.signal) return { status: "failed", reason: `killed by ${exit.signal}` };
  if (exit?.code) return { status: "failed", reason: `exited with code ${exit.code}` };
  return { status: "exited", reason: exit?.code === 0 ? "finished with code 0" : "finished" };
}

function lostStatus(exit: Exit | undefined): StatusVerdict {
  switch (exit?.cause) {
    case "host_rebooted":
      return { status: "lost", reason: "the host was rebooted" };
    case "terminal_gone":
      return { status: "lost", reason: "its terminal is gone" };
    case "out_of_memory":
      return { status: "lost", reason: "gone, probably for want of memory" };
    case "exited":
    case "signaled":
    case "killed":
    case "spawn_failed":
    case undefined:
      return { status: "lost", reason: "its process is gone; nobody saw it end" };
  }
}

function startingReason(facts: Facts, now: number): string {
  if (facts.gate !== undefined) return gateText(facts.gate);
  const since = facts.process.runningTime ?? facts.launchTime;
  const what = facts.process.state === "starting" ? "its process" : "its first word";
  return now - since > SLOW_START_MS
    ? `no sign of ${what} for ${duration(now - since)}`
    : `waits for ${what}`;
}

function gateText(gate: string): string {
  return `${gate.replaceAll("_", " ")} dialog on screen`;
}

function runningStatus(facts: Facts, traits: HarnessTraits, now: number): StatusVerdict {
  switch (facts.activity.state) {
    case "blocked":
    case "waiting_input":
      return { status: "needs_input", reason: waitText(waitingOn(facts)) };
    case "active":
      return facts.gate === undefined ? activeStatus(facts, now) : gateStatus(facts, now);
    case "idle":
    case "exited":
      if (facts.gate !== undefined) return gateStatus(facts, now);
      return now < queueEnd(facts) ? queueStatus : quietStatus(facts, traits, now);
  }
}

/** A stopped process is alive (R9), but no turn goes on in it; whoever wonders why nothing comes of it is told. */
function withStop(facts: Facts, verdict: StatusVerdict): StatusVerdict {
  if (facts.process.stoppedTime === undefined) return verdict;
  const stopped = "its process is stopped (SIGCONT lets it go on)";
  if (verdict.status === "working") return { status: "unverified", reason: stopped };
  return { ...verdict, reason: `${verdict.reason}; ${stopped}` };
}

function gateStatus(facts: Facts, now: number): StatusVerdict {
  return { status: "starting", reason: startingReason(facts, now) };
}

function activeStatus(facts: Facts, now: number): StatusVerdict {
  if (now < leaseEnd(facts)) return { status: "working", reason: "works on its turn" };
  return { status: "unverified", reason: `no news for ${duration(now - leaseEnd(facts) + LEASE_MS)}` };
}

/** R10: an agent that is not working is idle only if it has said something, or can say nothing before its first prompt. */
function quietStatus(facts: Facts, traits: HarnessTraits, now: number): StatusVerdict {
  const starting: StatusVerdict = { status: "starting", reason: startingReason(facts, now) };
  const isLate = now >= signalDeadline(facts);
  // Of one that runs without a terminal no screen tells.
  const isWitnessed = traits.secondWitness && !facts.headless;
  if (hasSpoken(facts)) return facts.promptPending && !isLate ? pendingStatus : idleStatus(facts);
  if (facts.promptPending || traits.firstSignal === "launch") {
    if (!traits.hooks) return isWitnessed && !isLate ? starting : silentStatus;
    return isLate
      ? { status: "no_signal", reason: `no hook has fired for ${duration(now - startOf(facts))}` }
      : starting;
  }
  if (facts.readyTime !== undefined) return { status: "idle", reason: "waits for its first prompt" };
  if (!traits.hooks) return isWitnessed && !isLate ? starting : silentStatus;
  return now >= quietStartEnd(facts)
    ? { status: "idle", reason: "has no prompt yet, and says nothing before" }
    : starting;
}

const queueStatus: StatusVerdict = { status: "working", reason: "takes the message that was queued" };
const pendingStatus: StatusVerdict = { status: "starting", reason: "waits for its prompt to be taken" };
const silentStatus: StatusVerdict = {
  status: "unverified",
  reason: "runs; this agent does not say what it does",
};

function idleStatus(facts: Facts): StatusVerdict {
  const { backgroundTasks: tasks, problem } = facts;
  if (tasks > 0)
    return { status: "idle", reason: `${tasks} background ${tasks === 1 ? "task runs" : "tasks run"} on` };
  if (problem !== undefined) return { status: "idle", reason: `its last turn failed: ${problem}` };
  const reason = facts.activity.evidenceTime > 0 ? "its turn is over" : "waits for its first prompt";
  return { status: "idle", reason };
}

/** A hook, a report or the second witness has come. */
function hasSpoken(facts: Facts): boolean {
  return facts.receiptTime !== undefined || facts.witnessTime !== undefined;
}

function waitText(waiting: PendingRequest | undefined): string {
  if (!waiting) return "waits for a person";
  const who = waiting.agentId === undefined ? "" : "a subagent ";
  switch (waiting.kind) {
    case "permission":
      return `${who}waits for permission${waiting.tool ? ` to use ${waiting.tool}` : ""}`;
    case "question":
      return `${who}asks a question`;
    case "prompt":
      return "asks for the next instruction";
    case "limit":
      return waiting.until === undefined
        ? "stopped by a usage limit"
        : `stopped by a usage limit until ${minuteOf(waiting.until)}`;
    case "auth":
      return "wants a login";
  }
}

/** R7: a turn that ended with a prompt queued is not over before this. */
function queueEnd(facts: Facts): number {
  return facts.memory?.queueTime ?? 0;
}

function startOf(facts: Facts): number {
  return facts.process.runningTime ?? facts.launchTime;
}

function quietStartEnd(facts: Facts): number {
  return startOf(facts) + QUIET_START_MS;
}

function signalDeadline(facts: Facts): number {
  return startOf(facts) + NO_SIGNAL_MS;
}

/** R8: hooks of anybody and the witness renew the lease; probes and the process's life do not. */
function leaseEnd(facts: Facts): number {
  const news = [facts.activity.since, facts.activity.evidenceTime, facts.memory?.hookTime, facts.witnessTime];
  return Math.max(...news.filter((time) => time !== undefined)) + LEASE_MS;
}

function minuteOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}
