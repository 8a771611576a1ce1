import type { Facts, PendingRequest, ToolUse } from "../session.ts";
import { EVERYBODY, fenceOf, memoryOf, ROOT, withFence } from "./memory.ts";
import { isOlder, type Observation } from "./observation.ts";
import {
  candidatesFor,
  forgetOpenTools,
  isOver,
  isSameInput,
  isSameUse,
  markOf,
  type UseMark,
  unclaimed,
  useOf,
} from "./tool-uses.ts";

const MAX_REQUESTS = 32;
/** A witness shows a dialog 20-45 ms after its hook (seen with claude 2.1.330); a busy machine stretches that. */
export const WITNESS_MERGE_MS = 2000;

/** A dialog is on screen; the other waits leave the composer free. */
export function isDialog(request: PendingRequest): boolean {
  switch (request.kind) {
    case "permission":
    case "question":
      return true;
    case "prompt":
    case "limit":
    case "auth":
      return false;
  }
}

/** The request an observation tells of. */
export function requestOf(seen: Observation, kind: PendingRequest["kind"]): PendingRequest {
  const { fields, signal, at } = seen;
  const { toolName: tool, toolUseId, toolInputDigest, agentId } = useOf(seen);
  const requestId = fields.requestId ?? toolUseId ?? signal.id;
  return { kind, since: at, tool, toolUseId, toolInputDigest, message: fields.message, requestId, agentId };
}

/** True when newer evidence shows that the request is over already. */
export function isRequestOver(seen: Observation, request: PendingRequest): boolean {
  if (isOlder(seen, fenceOf(seen.facts, request.agentId))) return true;
  const mark = { ...markOf(request), time: request.since };
  return seen.memory.endedTools.some(
    (ended) =>
      isOver(mark, ended) || (ended.requestId !== undefined && ended.requestId === request.requestId),
  );
}

/**
 * Adds a request, or completes the open one it repeats. `apart`: agents without an id of their own may ask at the same
 * time, so what names no tool repeats only what has its input.
 */
export function withRequest(facts: Facts, request: PendingRequest, { apart = false } = {}): Facts {
  const known = facts.requests.find(
    (open) => isRepeat(facts, open, request) && !(apart && hasOtherInput(open, request)),
  );
  if (known) return withRequests(facts, replace(facts.requests, known, bind(facts, merge(known, request))));
  return withRequests(facts, [...facts.requests, bind(facts, request)]);
}

function isRepeat(facts: Facts, open: PendingRequest, request: PendingRequest): boolean {
  if (!isDialog(open) || !isDialog(request)) return open.kind === request.kind;
  if (open.requestId === request.requestId) return true;
  if (open.witnessed && !open.tool && Math.abs(open.since - request.since) <= WITNESS_MERGE_MS) return true;
  if (open.agentId !== request.agentId) return false;
  if (request.toolUseId && open.toolUseId) return request.toolUseId === open.toolUseId;
  if (!request.tool || !open.tool) return !request.tool && !open.tool;
  if (!isSameUse(markOf({ ...open, toolUseId: undefined }), markOf(request))) return false;
  return !unclaimed(facts).some((use) => isSameInput(use, markOf(request)));
}

function hasOtherInput(open: PendingRequest, { toolInputDigest }: PendingRequest): boolean {
  const isKnown = open.toolInputDigest !== undefined && toolInputDigest !== undefined;
  return isKnown && open.toolInputDigest !== toolInputDigest;
}

function merge(open: PendingRequest, again: PendingRequest): PendingRequest {
  const told = Object.fromEntries(Object.entries(again).filter(([, value]) => value !== undefined));
  const kept = open.tool ? { ...told, ...defined(open) } : { ...open, ...told };
  return { ...open, ...kept, since: Math.min(open.since, again.since), witnessed: open.witnessed };
}

function defined(request: PendingRequest): Partial<PendingRequest> {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}

function bind(facts: Facts, request: PendingRequest): PendingRequest {
  if (request.toolUseId || !isDialog(request)) return request;
  if (!request.tool) return { ...request, during: toolOf(facts, request) };
  const candidates = candidatesFor(facts, request);
  if (candidates.length === 1) return { ...request, candidates: undefined, toolUseId: candidates[0] };
  return candidates.length > 1 ? { ...request, candidates } : request;
}

/**
 * The tool of a request that does not name it: the one with its input, else the only one that is open. What was known as
 * the only one stays it while no other is told to have been open, too.
 */
function toolOf(facts: Facts, request: PendingRequest): PendingRequest["during"] {
  const { agentId, since, toolInputDigest, during } = request;
  const open = memoryOf(facts).openTools.filter((use) => use.agentId === agentId && use.time <= since);
  const hasInput = (use: UseMark) => toolInputDigest !== undefined && use.toolInputDigest === toolInputDigest;
  const its = open.findLast(hasInput);
  if (!its && during && (hasInput(during) || open.every((use) => isSameUse({ ...during, agentId }, use))))
    return during;
  const use = its ?? (open.length === 1 ? open[0] : undefined);
  return use && { toolName: use.toolName, toolUseId: use.toolUseId, toolInputDigest: use.toolInputDigest };
}

/** R5: ends what the tool's own end answers; narrows down requests that could have been about it. */
export function endByToolEnd(facts: Facts, use: ToolUse): Facts {
  const left = facts.requests.flatMap((request) => {
    if (!isDialog(request) || request.agentId !== use.agentId) return [request];
    if (request.candidates && use.toolUseId) return narrow(request, request.candidates, use.toolUseId);
    const isIts = isSameUse(markOf(request), use) || isDuring(request, use);
    return use.time >= request.since && isIts ? [] : [request];
  });
  return withRequests(facts, left);
}

/** Ends the dialogs of whoever used a tool that are about no tool ao knows of. */
export function endUnnamed(facts: Facts, { agentId, time }: ToolUse): Facts {
  const isEnded = (open: PendingRequest) =>
    isDialog(open) && open.agentId === agentId && !open.during && !open.tool && open.since <= time;
  return withRequests(
    facts,
    facts.requests.filter((open) => !isEnded(open)),
  );
}

function isDuring({ during, agentId }: PendingRequest, use: ToolUse): boolean {
  return during !== undefined && isSameUse({ ...during, agentId }, use);
}

function narrow(request: PendingRequest, candidates: readonly string[], ended: string): PendingRequest[] {
  const left = candidates.filter((id) => id !== ended);
  if (left.length === 0) return [];
  if (left.length > 1) return [{ ...request, candidates: left }];
  const { candidates: _, ...bound } = request;
  return [{ ...bound, toolUseId: left[0] }];
}

/** A tool that begins after its request was approved (qwen asks before PreToolUse). */
export function endByToolStart(facts: Facts, use: ToolUse): Facts {
  const isApproved = (request: PendingRequest) => {
    if (!isDialog(request) || request.candidates || use.time <= request.since) return false;
    if (request.agentId !== use.agentId) return false;
    return request.toolUseId ? request.toolUseId === use.toolUseId : isSameInput(markOf(request), use);
  };
  return withRequests(
    facts,
    facts.requests.filter((request) => !isApproved(request)),
  );
}

/** Word of a tool's beginning that comes late still tells which tool a request is about. */
export function bindRequests(facts: Facts): Facts {
  return facts.requests
    .filter((request) => !request.toolUseId)
    .reduce((so, request) => withRequests(so, replace(so.requests, request, bind(so, request))), facts);
}

/**
 * Ends the dialogs and tools of `agent` (its id, ROOT or EVERYBODY) begun until `time`, also those still to be told:
 * its turn, or a batch of its tools, ended then.
 */
export function endTurnOf(facts: Facts, agent: string, time: number): Facts {
  const ended = endDialogsOf(facts, agent, time);
  return forgetOpenTools(ended, (use) => isOf(use, agent) && use.time <= time);
}

/** Ends the dialogs of `agent` (its id, ROOT or EVERYBODY) begun until `time`, also those still to be told. */
export function endDialogsOf(facts: Facts, agent: string, time: number): Facts {
  const left = facts.requests.filter((open) => !isDialog(open) || !isOf(open, agent) || open.since > time);
  return withFence(withRequests(facts, left), agent, time);
}

function isOf({ agentId }: { agentId?: string }, agent: string): boolean {
  return agent === EVERYBODY || (agentId ?? ROOT) === agent;
}

/** Ends usage limits and logins begun until `time`. */
export function endWaits(facts: Facts, time: number): Facts {
  return withRequests(
    facts,
    facts.requests.filter((open) => isDialog(open) || open.since > time),
  );
}

/** Facts with these requests, oldest first, bounded. */
export function withRequests(facts: Facts, requests: readonly PendingRequest[]): Facts {
  const same = requests.length === facts.requests.length && requests.every((r, i) => r === facts.requests[i]);
  if (same) return facts;
  const ordered = requests.toSorted((a, b) => a.since - b.since).slice(0, MAX_REQUESTS);
  return { ...facts, requests: ordered };
}

function replace(all: readonly PendingRequest[], old: PendingRequest, fresh: PendingRequest) {
  return all.map((one) => (one === old ? fresh : one));
}
