import type { MessageInfo } from "../client-types.ts";
import { formatElapsed } from "./duration.ts";
import type { Palette, Style } from "./palette.ts";
import { type Cell, type Column, renderTable } from "./table.ts";

const COLUMNS: readonly Column[] = [
  { title: "ID" },
  { title: "STAGE" },
  { title: "AGE", align: "right" },
  { title: "TEXT", min: 12, want: 32 },
  { title: "DETAIL", min: 12 },
];

/** The messages of a session as people read them, newest first. Empty for none. */
export function renderMessageTable(view: {
  messages: readonly MessageInfo[];
  /** Epoch ms the ages count to. */
  now: number;
  width: number;
  palette: Palette;
}): string[] {
  if (view.messages.length === 0) return [];
  const rows = view.messages.map((message): Cell[] => [
    { text: message.id, style: "bold" },
    stageCell(message),
    { text: formatElapsed(view.now - (message.createTime ?? view.now)) },
    { text: message.text },
    { text: message.detail, style: "dim" },
  ]);
  return renderTable({ columns: COLUMNS, rows, width: view.width, palette: view.palette });
}

/** How a message's stage reads: open ones wait, of those that ended at "queued" nothing was typed. */
function stageCell({ stage, endTime }: MessageInfo): Cell {
  const isOpen = endTime === undefined;
  const look = (text: string, style: Style) => ({ text: isOpen ? `○ ${text}` : text, style });
  switch (stage) {
    case "queued":
      return isOpen ? look("queued", "cyan") : look("✗ withdrawn", "red");
    case "typed":
      return isOpen ? look("typed", "cyan") : look("✗ typed", "red");
    case "submitted":
      return look(isOpen ? "submitted" : "? submitted", "yellow");
    case "acknowledged":
      return look(isOpen ? "acknowledged" : "✓ acknowledged", "green");
    case undefined:
      return look("? unknown", "yellow");
  }
}
