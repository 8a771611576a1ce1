import type { Exit, Facts } from "./session.ts";
import { NO_SIGNAL_MS } from "./status.ts";

/**
 * What a restore would do: continue the conversation by its id, continue the last one of the worktree, start the saved
 * prompt again, or nothing.
 */
export type RestoreMode = "resume" | "resume_last" | "start_again" | "impossible";

/** What a restore of an ended session would do, and whether `restore --all` takes it. */
export interface RestorePlan {
  mode: RestoreMode;
  /** The native conversation that would be continued. */
  nativeSessionId?: string;
  /** Why nothing can be continued; one clause. */
  problem?: string;
  /** The process ended and nobody had asked for it. */
  unasked: boolean;
}

/** Exit codes by which an agent tells that a signal from outside ended it: HUP, KILL, TERM. */
const SIGNALED_CODES: ReadonlySet<number> = new Set([129, 137, 143]);

/**
 * True of a process whose end nobody asked for: lost, ended by a signal, for want of memory, with its terminal, by a
 * reboot. Not of one that was killed on request, ended by itself with another exit code (130 too: a person pressed
 * Ctrl-C), or never started; one whose restore failed is still wanted.
 */
export function endedUnasked({ process, nativeSessionIds }: Facts): boolean {
  const { state, exit } = process;
  switch (state) {
    case "starting":
    case "running":
      return false;
    case "lost":
      return true;
    case "exited":
      return exit !== undefined && isUnasked(exit, nativeSessionIds.length > 0);
  }
}

function isUnasked({ cause, code }: Exit, talked: boolean): boolean {
  switch (cause) {
    case "signaled":
    case "out_of_memory":
    case "host_rebooted":
    case "terminal_gone":
      return true;
    case "exited":
      return code !== undefined && SIGNALED_CODES.has(code);
    case "spawn_failed":
      return talked;
    case "killed":
    case undefined:
      return false;
  }
}

/**
 * Why a session without a conversation to resume must not simply be started again: it had one, or may have had.
 * Undefined when nothing of it can be lost by that.
 */
export function lostConversation(
  facts: Facts,
  agent: { displayName: string; resume: boolean; hooks: boolean },
): string | undefined {
  const ran = facts.process.runningTime !== undefined || facts.nativeSessionIds.length > 0;
  if (ran && !agent.resume) return `${agent.displayName} cannot resume a conversation`;
  const id = facts.nativeSessionIds.at(-1);
  if (hasWorked(facts)) {
    return id === undefined
      ? "the agent never told the id of its conversation"
      : `nothing of its conversation "${id}" is on disk${fileHint(facts, id)}`;
  }
  // No hook has told what its turns did: that there was one is all that is known.
  const hasTalked = wasSilentForLong(facts) || (!agent.hooks && facts.conversed);
  if (id === undefined && hasTalked) return "the agent never told the id of its conversation";
  return undefined;
}

/**
 * Whether an agent that continues the last conversation of its directory may find one of this session there. One that
 * was never given anything to do would continue nothing, or what somebody else has said there.
 */
export function mayHaveConversed(facts: Facts): boolean {
  return facts.conversed === true || facts.nativeSessionIds.length > 0 || wasSilentForLong(facts);
}

/** A turn ended, or used a tool: there is work that a cold start knows nothing of. */
function hasWorked({ summary, memory }: Facts): boolean {
  return summary !== "" || (memory !== undefined && memory.openTools.length + memory.endedTools.length > 0);
}

/** It ran with a prompt and no hook ever fired, as where they are switched off: what it did is not known. */
function wasSilentForLong({ process, launchTime, promptPending, receiptTime }: Facts): boolean {
  if (!promptPending || receiptTime !== undefined || process.runningTime === undefined) return false;
  return (process.exit?.time ?? launchTime) - process.runningTime >= NO_SIGNAL_MS;
}

function fileHint({ transcripts, transcriptPath }: Facts, id: string): string {
  const path = transcripts?.[id] ?? transcriptPath;
  return path === undefined ? "" : ` ("${path}")`;
}
