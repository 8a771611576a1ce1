import type { Facts, PendingRequest } from "../session.ts";
import { WITNESS_LEASE, WITNESS_NO_DIALOG } from "../signal.ts";
import { isTurnNewer, recorded, superseded } from "./effects.ts";
import { EVERYBODY, ROOT, remember, withFence, withTurn } from "./memory.ts";
import { type Effect, isOlder, type Observation } from "./observation.ts";
import {
  endTurnOf,
  endWaits,
  isDialog,
  requestOf,
  WITNESS_MERGE_MS,
  withRequest,
  withRequests,
} from "./requests.ts";

/**
 * How much newer than a request a witness must be that never showed it. The agent's status file lags its hooks by up
 * to 100 ms (harnesses.md A5), so what was written just before must not end a dialog; nobody decides that fast.
 */
const ACTIVE_MARGIN_MS = 500;
/** An agent's own word that no dialog is open: a script has answered 260 ms after the request (seen with claude). */
const NO_DIALOG_MARGIN_MS = 150;
const IDLE_MARGIN_MS = 150;

/** R8: the agent itself says its turn runs. */
export function onWitnessActive(seen: Observation): Effect {
  if (seen.fields.type === WITNESS_LEASE) return recorded(seen, "R8", "the witness confirms what is known");
  if (isOthers(seen)) return recorded(seen, "R7", "a conversation other than the root's works");
  const answered = endShown(seen, (open) => isShown(open) || isMissed(seen, open));
  if (isTurnNewer(seen)) return late(seen, answered);
  const facts = fenceMissed(seen, endWaits(answered, seen.at));
  const ended = answered !== seen.facts;
  const { turn, endedAgents = [] } = seen.memory;
  const others =
    facts.backgroundTasks > 0 ||
    facts.requests.length > 0 ||
    endedAgents.some(({ time }) => isOlder(seen, time));
  if (turn.state !== "active" && others) {
    // Claude's file says busy while only a subagent works, one that has ended since too: no proof of the root's turn.
    return { facts, rule: ended ? "R5" : "R7", reason: "the witness sees work; it may be in the background" };
  }
  const active = withTurn({ ...facts, promptPending: false }, "active", seen.at);
  return ended
    ? { facts: active, rule: "R5", reason: "the witness sees the turn go on: the dialog is gone" }
    : { facts: active, rule: "R8", reason: "the witness confirms that the turn runs" };
}

/** What came since says how the turn stands; a dialog that was gone by then is gone all the same. */
function late({ facts }: Observation, answered: Facts): Effect {
  return answered === facts
    ? superseded(facts, "the witness is older than what the turn shows now")
    : {
        facts: answered,
        rule: "R5",
        reason: "the witness saw the dialog gone, before what the turn shows now",
      };
}

/** R8: the agent itself says its turn is over, which hooks do not tell after Esc, a denial or an API error. */
export function onWitnessIdle(seen: Observation): Effect {
  if (isTurnNewer(seen)) return superseded(seen.facts, "the witness is older than what the turn shows now");
  const isRootOver = (open: PendingRequest) =>
    open.agentId === undefined && seen.at - open.since >= IDLE_MARGIN_MS;
  // A transcript tells the end of the root's turn only: a subagent's dialog it never showed stays.
  const answered = endShown(seen, (open) => isShown(open) || isMissed(seen, open) || isRootOver(open));
  const facts = withFence(answered, ROOT, seen.at - IDLE_MARGIN_MS);
  const ended = answered !== seen.facts;
  if (seen.memory.turn.state === "waiting_input") {
    return { facts, rule: "R6", reason: "still waits for the next instruction" };
  }
  return {
    facts: withTurn(closed(seen, facts), "idle", seen.at),
    rule: ended ? "R5" : "R8",
    reason: "the witness sees the turn is over",
  };
}

/** The turn's tools are over too, where no dialog is left that could still be about one. */
function closed(seen: Observation, facts: Facts): Facts {
  const open = facts.requests.some((request) => isDialog(request) && request.agentId === undefined);
  return open ? facts : endTurnOf(facts, ROOT, seen.at - IDLE_MARGIN_MS);
}

/** R8: a dialog is open; confirms the oldest request, or begins one where hooks said nothing. */
export function onWitnessBlocked(seen: Observation): Effect {
  if (seen.facts.headless) return recorded(seen, "R5", "no terminal: nobody is asked");
  // A look at the screen says nothing of what the agent's own files show.
  const facts = seen.signal.kind === "probe" ? seen.facts : remember(seen.facts, { showsDialogs: true });
  const shown = facts.requests.find((open) => isDialog(open) && open.since <= seen.at + WITNESS_MERGE_MS);
  if (shown) {
    const witnessed = {
      ...shown,
      witnessed: true,
      witnessedTime: Math.max(seen.at, shown.witnessedTime ?? 0),
    };
    const requests = facts.requests.map((open) => (open === shown ? witnessed : open));
    return {
      facts: withRequests(facts, requests),
      rule: "R5",
      reason: "the witness shows the dialog",
    };
  }
  if (isTurnNewer(seen)) return superseded(seen.facts, "the witness is older than what the turn shows now");
  const asked = requestOf(seen, dialogKind(seen.fields.type));
  const request = { ...asked, witnessed: true, witnessedTime: seen.at };
  return {
    facts: withRequest({ ...facts, promptPending: false }, request),
    rule: "R5",
    reason: "the witness shows a dialog no hook told of",
  };
}

/** Words other than "question" and "permission" are the agent's own, such as claude's "dialog open" for a menu. */
function dialogKind(type: string | undefined): "permission" | "question" {
  return type === undefined || /permission|sandbox/.test(type) ? "permission" : "question";
}

function endShown(seen: Observation, isGone: (open: PendingRequest) => boolean): Facts {
  const left = seen.facts.requests.filter((open) => {
    if (!isDialog(open)) return true;
    return isOlder(seen, Math.max(open.since, open.witnessedTime ?? 0)) || !isGone(open);
  });
  return withRequests(seen.facts, left);
}

/** A plugin's heartbeat names its conversation; a witness of the process speaks for all of it. */
function isOthers({ signal, speaker }: Observation): boolean {
  return signal.kind === "hook" && speaker.kind === "child";
}

/** A witness that shows dialogs has not shown this one, and sees none now. One that never did may be blind to them. */
function isMissed(seen: Observation, open: PendingRequest): boolean {
  const margin = missedMargin(seen);
  return margin !== undefined && seen.at - open.since >= margin;
}

function fenceMissed(seen: Observation, facts: Facts): Facts {
  const margin = missedMargin(seen);
  return margin === undefined ? facts : withFence(facts, EVERYBODY, seen.at - margin);
}

function missedMargin({ memory, fields }: Observation): number | undefined {
  if (fields.type === WITNESS_NO_DIALOG) return NO_DIALOG_MARGIN_MS;
  return memory.showsDialogs ? ACTIVE_MARGIN_MS : undefined;
}

function isShown(open: PendingRequest): boolean {
  return open.witnessed === true;
}
