import type { SessionInfo } from "../client-types.ts";
import type { Palette } from "./palette.ts";
import { sortForPeople } from "./session-table.ts";

/** A command to type and what it is for. */
export interface NextStep {
  command: string;
  purpose: string;
}

/** What a person can type next, most urgent first, at most one step of each kind. `ao` is how they call the program. */
export function nextSteps(sessions: readonly SessionInfo[], ao = "ao"): NextStep[] {
  const sorted = sortForPeople(sessions);
  const first = (...statuses: readonly string[]) =>
    sorted.find((session) => session.status !== undefined && statuses.includes(session.status))?.id;
  const asking = sorted.find((session) => session.status === "needs_input");
  const steps: NextStep[] = [];
  if (asking) {
    steps.push({ command: `${ao} attach ${asking.id}`, purpose: "see what it asks and answer there" });
    if (asking.activity.waitingOn?.kind === "permission")
      steps.push({ command: `${ao} answer ${asking.id} approve|deny`, purpose: "answer from here" });
  }
  const ended = first("failed", "lost");
  if (ended) {
    steps.push({ command: `${ao} explain ${ended}`, purpose: "why it ended" });
    const unasked = sessions.filter(({ restore }) => restore?.endedUnasked);
    steps.push(
      unasked.length > 1
        ? {
            command: `${ao} session restore --all`,
            purpose: `go on with the ${unasked.length} that ended unasked`,
          }
        : { command: `${ao} session restore ${ended}`, purpose: "go on with its conversation" },
    );
  }
  const unsure = first("unverified", "no_signal");
  if (unsure) steps.push({ command: `${ao} explain ${unsure}`, purpose: "what ao knows of it" });
  const idle = first("idle");
  if (idle) steps.push({ command: `${ao} send ${idle} "…"`, purpose: "give it the next task" });
  return steps;
}

/** The steps as lines for people, commands aligned. */
export function renderNextSteps(steps: readonly NextStep[], palette: Palette): string[] {
  const width = Math.max(0, ...steps.map((step) => step.command.length));
  return steps.map((step) => `  ${palette.cyan(step.command.padEnd(width))}  ${palette.dim(step.purpose)}`);
}
