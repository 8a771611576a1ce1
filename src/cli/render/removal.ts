import { orNull } from "./json-values.ts";

/** What became of a removed session's work. */
export interface Removal {
  sessionId: string;
  salvageRef?: string;
  keptBranch?: string;
}

/** A removal for programs. */
export function removalJson({ sessionId, salvageRef, keptBranch }: Removal) {
  return { id: sessionId, salvageRef: orNull(salvageRef), keptBranch: orNull(keptBranch) };
}

/** A removal for people: where the work is, if any was left. */
export function removalLine({ sessionId, salvageRef, keptBranch }: Removal): string {
  const kept = [
    salvageRef ? `unmerged work kept in ${salvageRef}` : "",
    keptBranch ? `branch ${keptBranch} kept, it is not merged` : "",
  ].filter(Boolean);
  return [`removed ${sessionId}`, ...kept].join("; ");
}
