import type { SessionInfo } from "../client-types.ts";
import type { RestoreOutcome } from "../restore-all.ts";
import { orNull } from "./json-values.ts";

/** What a restore would do, for people; empty while the session may run. */
export function restoreText({ restore }: SessionInfo): string {
  if (!restore) return "";
  return restore.mode === "impossible" ? `not possible: ${restore.problem}` : modeText(restore.mode);
}

/** What a restore would do, for programs. */
export function restoreJson({ restore }: SessionInfo) {
  if (!restore) return null;
  const { mode, nativeSessionId, problem, endedUnasked } = restore;
  return {
    mode: orNull(mode),
    nativeSessionId: orNull(nativeSessionId),
    problem: orNull(problem),
    endedUnasked,
  };
}

/** How a session goes on: "its conversation goes on". */
export function modeText(mode: string | undefined): string {
  switch (mode) {
    case "resume":
      return "its conversation goes on";
    case "resume_last":
      return "the last conversation of its worktree goes on";
    case "start_again":
      return "its prompt starts again; there was no conversation yet";
    default:
      return "it starts";
  }
}

/** One session of `restore --all` in a line. */
export function outcomeLine(told: RestoreOutcome): string {
  switch (told.outcome) {
    case "restored":
      return `${told.id} restored: ${modeText(told.mode)}`;
    case "would_restore":
      return `${told.id} would be restored: ${modeText(told.mode)}`;
    case "impossible":
      return `${told.id} cannot be restored: ${told.problem}`;
    case "failed":
      return `${told.id} was not restored: ${told.problem}`;
    case "left_out":
      return `${told.id} left out: more than --limit allows`;
  }
}
