import type { Facts, PendingRequest, ToolUse } from "../session.ts";
import { fenceOf, memoryOf, remember, withEnded, withOpen } from "./memory.ts";
import type { Observation } from "./observation.ts";

/** What can be compared of a tool's use, whether a tool event or a request told it. */
export interface UseMark {
  toolName?: string;
  toolUseId?: string;
  toolInputDigest?: string;
  agentId?: string;
}

/** The tool use an event speaks of. */
export function useOf({ fields, speaker, at }: Observation): ToolUse {
  const { toolName, toolUseId, toolInputDigest } = fields;
  const agentId = speaker.kind === "child" ? speaker.agentId : undefined;
  return { time: at, toolName, toolUseId, toolInputDigest, agentId };
}

/** The subagents at work whose tools carry no id of theirs. */
export function subagentsOf({ facts, traits: { subagentTools = [] } }: Observation): ToolUse[] {
  return memoryOf(facts).openTools.filter(({ toolName = "" }) => subagentTools.includes(toolName));
}

/** The tool use a request waits for. */
export function markOf(request: PendingRequest): UseMark {
  return { ...request, toolName: request.tool };
}

/** R5: the same by id; else by name and input; else, where an input is not known, by name. Never another agent's. */
export function isSameUse(a: UseMark, b: UseMark): boolean {
  if (a.agentId !== b.agentId) return false;
  if (a.toolUseId && b.toolUseId) return a.toolUseId === b.toolUseId;
  if (!a.toolName || a.toolName !== b.toolName) return false;
  if (!a.toolInputDigest || !b.toolInputDigest) return true;
  return a.toolInputDigest === b.toolInputDigest;
}

/** True when name and input are known of both and equal. */
export function isSameInput(a: UseMark, b: UseMark): boolean {
  return isSameUse({ ...a, toolUseId: undefined }, b) && Boolean(a.toolInputDigest && b.toolInputDigest);
}

/** Notes that a tool began, unless it is known to have ended. */
export function noteToolStart(facts: Facts, use: ToolUse): Facts {
  const over = memoryOf(facts).endedTools.some((ended) => isOver(use, ended));
  return over || use.time < fenceOf(facts, use.agentId) ? facts : withOpen(facts, use);
}

/** Notes that a tool ended. */
export function noteToolEnd(facts: Facts, use: ToolUse): Facts {
  const { openTools } = memoryOf(facts);
  const ended = openTools.find((open) => open.time <= use.time && isSameUse(open, use));
  return withEnded(remember(facts, { openTools: openTools.filter((open) => open !== ended) }), use);
}

/** Forgets open tools that `isGone`. */
export function forgetOpenTools(facts: Facts, isGone: (use: ToolUse) => boolean): Facts {
  const { openTools } = memoryOf(facts);
  const left = openTools.filter((use) => !isGone(use));
  return left.length === openTools.length ? facts : remember(facts, { openTools: left });
}

/** True when `ended` is the end of `use`: an id is used once; name and input may come again later. */
export function isOver(use: UseMark & { time: number }, ended: ToolUse): boolean {
  if (!isSameUse(use, ended)) return false;
  return Boolean(use.toolUseId && ended.toolUseId) || ended.time > use.time;
}

/**
 * Ids of open tool uses a request may be about, best guess alone where one fits by input.
 *
 * Requests of most agents carry no tool-use id, and some carry other input than the tool's own events.
 */
export function candidatesFor(facts: Facts, request: PendingRequest): string[] {
  const earlier = unclaimed(facts).filter((use) => use.time <= request.since);
  const open = earlier.filter((use) => isSameUse(nameOnly(use), nameOnly(markOf(request))));
  const exact = open.filter((use) => isSameInput(use, markOf(request)));
  const vague = open.filter((use) => !use.toolInputDigest || !request.toolInputDigest);
  const pool = exact.length > 0 ? exact.slice(0, 1) : vague.length > 0 ? vague : open;
  return pool.map((use) => use.toolUseId as string);
}

/** Open tool uses with an id that no request claims yet. */
export function unclaimed(facts: Facts): ToolUse[] {
  const claimed = new Set(facts.requests.map((request) => request.toolUseId));
  return memoryOf(facts).openTools.filter((use) => use.toolUseId && !claimed.has(use.toolUseId));
}

function nameOnly(mark: UseMark): UseMark {
  return { toolName: mark.toolName, agentId: mark.agentId };
}
