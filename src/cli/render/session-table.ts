import type { Status } from "../../core/session.ts";
import type { SessionInfo } from "../client-types.ts";
import { formatElapsed } from "./duration.ts";
import type { Palette, Style } from "./palette.ts";
import { type Cell, type Column, renderTable } from "./table.ts";

/** How a status looks; what needs a person has the lowest rank and stands first. */
export const STATUS_LOOK: Readonly<Record<Status, { rank: number; glyph: string; style: Style }>> = {
  needs_input: { rank: 0, glyph: "◆", style: "yellow" },
  failed: { rank: 1, glyph: "✗", style: "red" },
  lost: { rank: 1, glyph: "✗", style: "red" },
  unverified: { rank: 2, glyph: "?", style: "yellow" },
  no_signal: { rank: 2, glyph: "?", style: "yellow" },
  working: { rank: 3, glyph: "●", style: "green" },
  starting: { rank: 4, glyph: "○", style: "cyan" },
  idle: { rank: 5, glyph: "✓", style: "blue" },
  exited: { rank: 6, glyph: "·", style: "dim" },
  terminated: { rank: 7, glyph: "·", style: "dim" },
};

const COLUMNS: readonly Column[] = [
  { title: "ID" },
  { title: "AGENT", drop: 2 },
  { title: "STATUS" },
  { title: "FOR", align: "right" },
  { title: "WHAT", min: 12, want: 32 },
  { title: "BRANCH", min: 12, drop: 3 },
];

/** Sessions as people read them: a line each, what needs a person first. Empty for no sessions. */
export function renderSessionTable(view: {
  sessions: readonly SessionInfo[];
  /** Epoch ms the elapsed times count to. */
  now: number;
  width: number;
  palette: Palette;
}): string[] {
  if (view.sessions.length === 0) return [];
  const rows = sortForPeople(view.sessions).map((session) => sessionRow(session, view.now));
  return renderTable({ columns: COLUMNS, rows, width: view.width, palette: view.palette });
}

/** What needs a person first; those waiting longest at the top, the others newest first. */
export function sortForPeople(sessions: readonly SessionInfo[]): SessionInfo[] {
  // Ids end in a number: web-10 comes after web-9.
  const byId = new Intl.Collator("en", { numeric: true });
  return [...sessions].sort((a, b) => {
    const byRank = rank(a) - rank(b);
    if (byRank !== 0) return byRank;
    if (a.status === "needs_input") return stateSince(a) - stateSince(b);
    return (b.createTime ?? 0) - (a.createTime ?? 0) || byId.compare(b.id, a.id);
  });
}

/** Epoch ms since which the session has its status, as far as its facts tell. */
export function stateSince(session: SessionInfo): number {
  const { exit } = session.process;
  return exit?.time ?? session.activity.since ?? session.updateTime ?? session.createTime ?? 0;
}

/** The status as a cell: glyph and word in its colour. */
export function statusCell(status: Status | undefined): Cell {
  if (!status) return { text: "? unknown", style: "yellow" };
  const look = STATUS_LOOK[status];
  return { text: `${look.glyph} ${status}`, style: look.style };
}

/** What a session waits on, in words: "permission: Bash: run the tests?"; empty when it waits on nothing. */
export function waitingText(session: SessionInfo): string {
  const waiting = session.activity.waitingOn;
  if (!waiting) return "";
  return [waiting.kind, waiting.tool, waiting.message].filter(Boolean).join(": ");
}

function sessionRow(session: SessionInfo, now: number): Cell[] {
  return [
    { text: session.id, style: "bold" },
    { text: session.harness },
    statusCell(session.status),
    { text: formatElapsed(now - stateSince(session)) },
    { text: whatText(session) },
    { text: session.workspace.branch, style: "dim" },
  ];
}

function whatText(session: SessionInfo): string {
  const subject = [session.name, session.title].filter(Boolean).join(": ");
  return [news(session), subject].filter(Boolean).join(" · ");
}

/** What a person must know before the title: why it waits or what went wrong; empty when nothing did. */
function news(session: SessionInfo): string {
  switch (session.status) {
    case "needs_input":
      return waitingText(session) || session.statusReason;
    case "failed":
    case "lost":
    case "unverified":
    case "no_signal":
    case "starting":
      return session.statusReason;
    case "working":
    case "idle":
    case "exited":
    case "terminated":
    case undefined:
      return "";
  }
}

function rank(session: SessionInfo): number {
  return session.status ? STATUS_LOOK[session.status].rank : 2;
}
