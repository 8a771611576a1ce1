import type { SessionInfo } from "../client-types.ts";
import { nextSteps, renderNextSteps } from "./next-steps.ts";
import type { Palette } from "./palette.ts";
import { renderSessionTable } from "./session-table.ts";

/** One frame of the live view: title, table, what to type next. */
export function liveTableLines(view: {
  title: string;
  sessions: readonly SessionInfo[];
  /** False while the daemon is away and the table may be old. */
  isCurrent: boolean;
  now: number;
  width: number;
  palette: Palette;
  /** How people call the program. */
  program: string;
  /** Lines before the steps. */
  lead: readonly string[];
}): string[] {
  const { sessions, palette } = view;
  const counts = countText(sessions);
  const state = view.isCurrent ? palette.dim(counts) : palette.yellow("waiting for the daemon…");
  const table = renderSessionTable(view);
  const steps = renderNextSteps(nextSteps(sessions, view.program), palette);
  return [
    `${palette.bold(view.title)}  ${state}  ${palette.dim("q quits")}`,
    "",
    ...(table.length > 0
      ? table
      : [palette.dim(`no sessions yet; start one with \`${view.program} spawn\``)]),
    ...(steps.length > 0 ? ["", ...view.lead, ...steps] : []),
  ];
}

/** "3 sessions, 1 needs input". */
function countText(sessions: readonly SessionInfo[]): string {
  const asking = sessions.filter((session) => session.status === "needs_input").length;
  const total = `${sessions.length} session${sessions.length === 1 ? "" : "s"}`;
  return asking > 0 ? `${total}, ${asking} need${asking === 1 ? "s" : ""} you` : total;
}
