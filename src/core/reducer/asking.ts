import type { Facts, PendingRequest, ToolUse } from "../session.ts";
import { limitEnd } from "../text/limit-end.ts";
import { isLastTurn, isTurnNewer, recorded, superseded, working } from "./effects.ts";
import { withEnded, withTurn } from "./memory.ts";
import { against, type Effect, type Observation } from "./observation.ts";
import {
  endWaits,
  isDialog,
  isRequestOver,
  requestOf,
  WITNESS_MERGE_MS,
  withRequest,
  withRequests,
} from "./requests.ts";
import { subagentsOf, useOf } from "./tool-uses.ts";
import { onProgress } from "./turn.ts";

/** R5: a dialog opens. Without a terminal the agent decides by itself, and nobody waits. */
export function onDialog(seen: Observation, kind: "permission" | "question"): Effect {
  if (seen.facts.headless) return onHeadlessDialog(seen);
  const told = requestOf(seen, kind);
  const child = unnamedChild(seen, told);
  const request = child === undefined ? told : { ...told, agentId: child };
  if (isRequestOver(seen, request)) {
    return superseded(seen.facts, "the request was over before word of it came");
  }
  const before = request.agentId === undefined ? begun(seen) : seen.facts;
  const facts = withRequest(before, request, { apart: subagentsOf(seen).length > 0 });
  const what = request.tool ? ` to use ${request.tool}` : "";
  const asks = kind === "permission" ? `asks for permission${what}` : "asks a question";
  return seen.speaker.kind === "child" || child !== undefined
    ? { facts, rule: "R7", reason: `a subagent ${asks}` }
    : { facts, rule: "R5", reason: `the agent ${asks}` };
}

function onHeadlessDialog(seen: Observation): Effect {
  if (seen.speaker.kind === "child") return recorded(seen, "R5", "no terminal: nobody is asked");
  const effect = onProgress(seen);
  return { ...effect, rule: effect.superseded ? "R2" : "R5", reason: "no terminal: nobody is asked" };
}

/**
 * R7: a root at rest asks for nothing. Where the agent does not say whose dialog it is (grok), one that opens then is of the
 * subagent that runs; undefined where several do.
 */
function unnamedChild({ speaker, memory }: Observation, { tool }: PendingRequest): string | undefined {
  if (speaker.kind === "child" || tool !== undefined || memory.turn.state === "active") return undefined;
  const [only, ...others] = memory.runningAgents;
  return others.length === 0 ? only : undefined;
}

/** The root's turn runs beneath its own request. */
function begun(seen: Observation): Facts {
  const facts = { ...endWaits(seen.facts, seen.at), promptPending: false };
  return isTurnNewer(seen) ? facts : withTurn(facts, "active", seen.at);
}

/** R5: an answer event ends its request, and the turn goes on. */
export function onAnswer(seen: Observation): Effect {
  const { requestId } = seen.fields;
  const use = useOf(seen);
  const isAnswered = (open: PendingRequest) =>
    isDialog(open) &&
    (requestId
      ? open.requestId === requestId
      : open.agentId === use.agentId && open.since <= seen.at && matches(open, use.toolUseId));
  const left = seen.facts.requests.filter((open) => !isAnswered(open));
  const facts = withRequests(noteAnswer(seen, use), left);
  const answered = left.length < seen.facts.requests.length;
  if (seen.speaker.kind === "child" || isTurnNewer(seen)) {
    return {
      facts,
      rule: "R5",
      reason: answered ? "a request was answered" : "an answer to no open request",
    };
  }
  return { facts: working(against(seen, facts), facts), rule: "R5", reason: "answered: the turn goes on" };
}

/** An answer may be told before its request: one that has an id, or, of a witness, that is the output of the very tool. */
function noteAnswer({ facts, fields: { requestId }, signal }: Observation, use: ToolUse): Facts {
  if (requestId) return withEnded(facts, { ...use, requestId });
  return signal.kind === "witness" && use.toolUseId ? withEnded(facts, use) : facts;
}

function matches(open: PendingRequest, toolUseId: string | undefined): boolean {
  return toolUseId === undefined || open.toolUseId === undefined || open.toolUseId === toolUseId;
}

/** The witness saw the end that this led to before the hook told of it. */
function endedBy(seen: Observation): boolean {
  const endTime = seen.memory.turn.evidenceTime ?? Number.POSITIVE_INFINITY;
  return isLastTurn(seen) && endTime - seen.at <= WITNESS_MERGE_MS;
}

/** A usage limit or a missing login: waits until the agent evidently works again. */
export function onWait(seen: Observation, kind: "limit" | "auth"): Effect {
  const isNewer = isTurnNewer(seen);
  if (isNewer && !endedBy(seen)) return superseded(seen.facts, "older than what the turn shows now");
  const until = kind === "limit" ? limitEnd(seen.fields.message ?? "", seen.at) : undefined;
  const request = { ...requestOf(seen, kind), until };
  const facts = withRequest({ ...seen.facts, promptPending: false }, request);
  const reason = kind === "limit" ? "a usage limit stops the agent" : "the agent wants a login";
  return { facts: isNewer ? facts : withTurn(facts, "idle", seen.at), rule: "-", reason };
}
