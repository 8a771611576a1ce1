import type { SessionInfo } from "../client-types.ts";
import { formatElapsed } from "./duration.ts";
import { fieldLines } from "./fields.ts";
import type { Palette } from "./palette.ts";
import { restoreText } from "./restore.ts";
import { stateSince, statusCell, waitingText } from "./session-table.ts";
import { oneLine } from "./text-width.ts";

/** One session for people: its status in a line, then the facts. */
export function sessionLines(view: { session: SessionInfo; now: number; palette: Palette }): string[] {
  const { session, now, palette } = view;
  const status = statusCell(session.status);
  const word = status.style ? palette[status.style](status.text) : status.text;
  const elapsed = formatElapsed(now - stateSince(session));
  const named = session.name ? ` ${oneLine(session.name)}` : "";
  return [
    `${palette.bold(session.id)}${named}  ${word} for ${elapsed}${session.statusReason ? `: ${oneLine(session.statusReason)}` : ""}`,
    ...factLines(session, palette),
  ];
}

/** What is known of a session, a line per fact. */
export function factLines(session: SessionInfo, palette: Palette): string[] {
  return fieldLines(
    [
      ["title", oneLine(session.title)],
      ["agent", [session.harness, session.model].filter(Boolean).join(", ")],
      ["process", processText(session)],
      ["activity", session.activity.state],
      ["waits on", oneLine(waitingText(session))],
      ["request", session.activity.waitingOn?.requestId],
      ["background", session.backgroundTasks > 0 ? `${session.backgroundTasks} task(s)` : ""],
      ["last message", oneLine(session.summary)],
      ["conversation", conversationText(session)],
      ["restore", oneLine(restoreText(session))],
      ["launch", session.launchId],
      ["branch", session.workspace.branch],
      ["worktree", session.workspace.path],
      ["revision", String(session.revision)],
    ],
    palette,
  );
}

/** The current conversation, and those before it: clear, compact and resume make new ones. */
function conversationText({ nativeSessionId, nativeSessionIds }: SessionInfo): string {
  const earlier = nativeSessionIds.filter((id) => id !== nativeSessionId);
  if (earlier.length === 0) return oneLine(nativeSessionId);
  return `${oneLine(nativeSessionId)}, before it ${earlier.toReversed().map(oneLine).join(", ")}`;
}

function processText({ process }: SessionInfo): string {
  const { state, pid, exit } = process;
  if (!exit) return [state, pid && `pid ${pid}`].filter(Boolean).join(", ");
  const how = exit.signal || (exit.code === undefined ? "" : `code ${exit.code}`);
  const when = exit.time ? `at ${new Date(exit.time).toISOString()}` : "";
  return [state, how, exit.cause !== state ? exit.cause : "", when].filter(Boolean).join(", ");
}
