import { orNull } from "./json-values.ts";

/** What became of a removed session's work. */
export interface Removal {
  sessionId: string;
  salvageRef?: string;
  keptBranch?: string;
  /** Folders that were not kept. */
  leftOut?: readonly string[];
}

/** A removal for programs. */
export function removalJson({ sessionId, salvageRef, keptBranch, leftOut = [] }: Removal) {
  return { id: sessionId, salvageRef: orNull(salvageRef), keptBranch: orNull(keptBranch), leftOut };
}

/** A removal for people: where the work is, if any was left. */
export function removalLine({ sessionId, salvageRef, keptBranch, leftOut = [] }: Removal): string {
  const kept = [
    salvageRef ? `work kept in ${salvageRef}` : "",
    keptBranch ? `branch ${keptBranch} kept` : "",
    leftOut.length > 0 ? `not kept, tools make them again: ${leftOut.join(", ")}` : "",
  ].filter(Boolean);
  return [`removed ${sessionId}`, ...kept].join("; ");
}
