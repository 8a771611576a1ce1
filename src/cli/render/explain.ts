import type { Explanation } from "../client-types.ts";
import { isoTime, orNull } from "./json-values.ts";
import type { Palette, Style } from "./palette.ts";
import { sessionJson } from "./session-json.ts";
import { factLines, sessionLines } from "./session-lines.ts";
import { statusCell } from "./session-table.ts";
import { type Column, renderTable } from "./table.ts";

type SignalRow = Explanation["signals"][number];

const COLUMNS: readonly Column[] = [
  { title: "TIME" },
  { title: "EVENT", min: 14 },
  { title: "OUTCOME" },
  { title: "RULE" },
  { title: "STATUS", drop: 1 },
  { title: "REASON", min: 20 },
];

/** An explanation for programs. */
export function explainJson({ session, verdict, signals }: Explanation) {
  return { session: sessionJson(session), verdict, signals: signals.map(signalJson) };
}

/** An explanation for people: the verdict, the facts, and each signal with what became of it, oldest first. */
export function explainLines(view: {
  explanation: Explanation;
  now: number;
  width: number;
  palette: Palette;
}): string[] {
  const { session, verdict, signals } = view.explanation;
  const { palette, width, now } = view;
  const [headline = ""] = sessionLines({ session: { ...session, statusReason: "" }, now, palette });
  const rows = signals.map(signalRow);
  const table =
    rows.length > 0 ? renderTable({ columns: COLUMNS, rows, width, palette }) : ["no signals yet"];
  return [headline, verdict, "", ...factLines(session, palette), "", ...table];
}

function signalRow(row: SignalRow) {
  const status = statusCell(row.statusAfter);
  return [
    { text: clockTime(row.signal.observedTime), style: "dim" as const },
    { text: eventText(row) },
    { text: row.outcome, style: outcomeStyle(row) },
    { text: row.rule },
    status,
    { text: row.reason },
  ];
}

function eventText({ signal }: SignalRow): string {
  const detail = signal.fields.toolName ?? signal.fields.type ?? signal.fields.reason;
  return [signal.event, detail].filter(Boolean).join(" ");
}

function outcomeStyle({ outcome }: SignalRow): Style {
  switch (outcome) {
    case "applied":
      return "green";
    case "recorded":
      return "dim";
    case "duplicate":
    case "stale_launch":
    case "superseded":
      return "yellow";
    case "rejected":
      return "red";
  }
}

/** Time of day in the reader's own zone, with milliseconds: signals come in bursts. */
function clockTime(epochMs: number): string {
  const time = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const milliseconds = String(time.getMilliseconds()).padStart(3, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`;
}

function signalJson({ signal, ...row }: SignalRow) {
  return {
    logId: row.logId,
    signalId: signal.id,
    launchId: signal.launchId,
    kind: signal.kind,
    event: signal.event,
    observedTime: isoTime(signal.observedTime),
    commitTime: isoTime(row.commitTime),
    outcome: row.outcome,
    rule: row.rule,
    reason: orNull(row.reason),
    statusAfter: row.statusAfter,
    fields: { ...signal.fields },
  };
}
