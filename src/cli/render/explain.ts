import { type Diagnosis, diagnose } from "../../core/replay/diagnose.ts";
import type { Explanation } from "../client-types.ts";
import { clockTime } from "./clock-time.ts";
import { formatElapsed } from "./duration.ts";
import { isoTime, orNull } from "./json-values.ts";
import type { Palette } from "./palette.ts";
import { sessionJson } from "./session-json.ts";
import { factLines, sessionLines } from "./session-lines.ts";
import { statusCell } from "./session-table.ts";
import { eventText, outcomeStyle } from "./signal-text.ts";
import { type Column, renderTable } from "./table.ts";
import { oneLine, wrap } from "./text-width.ts";

type SignalRow = Explanation["signals"][number];

const COLUMNS: readonly Column[] = [
  { title: "TIME" },
  { title: "EVENT", min: 14 },
  { title: "OUTCOME", drop: 1 },
  { title: "RULE" },
  { title: "STATUS", drop: 2 },
  { title: "REASON", min: 20, want: 34 },
];

/** An explanation for programs. */
export function explainJson(explanation: Explanation) {
  const { proof, after, against } = diagnosisOf(explanation);
  return {
    session: sessionJson(explanation.session),
    verdict: explanation.verdict,
    proof: proof ? signalJson(proof) : null,
    signalsSinceProof: after.length,
    against: against ? { speaksFor: against.speaks, signal: signalJson(against.row) } : null,
    signals: explanation.signals.map(signalJson),
  };
}

/**
 * An explanation for people: the verdict, the signal it rests on and what speaks against it, the facts, and each
 * signal with what became of it, oldest first.
 */
export function explainLines(view: {
  explanation: Explanation;
  now: number;
  width: number;
  palette: Palette;
  /** How ao is called here. */
  program?: string;
}): string[] {
  const { session, verdict, signals } = view.explanation;
  const { palette, width, now, program = "ao" } = view;
  const [headline = ""] = sessionLines({ session: { ...session, statusReason: "" }, now, palette });
  const rows = signals.map(signalRow);
  const table =
    rows.length > 0 ? renderTable({ columns: COLUMNS, rows, width, palette }) : ["no signals yet"];
  return [
    headline,
    ...wrap(oneLine(verdict), width),
    "",
    ...evidenceLines({ ...view, program, diagnosis: diagnosisOf(view.explanation) }),
    ...factLines(session, palette),
    "",
    ...table,
  ];
}

function diagnosisOf({ session, signals }: Explanation): Diagnosis {
  const proofSignalId = session.activity.signalId;
  return diagnose({ state: session.activity.state, launchId: session.launchId, signals, proofSignalId });
}

/** What the state rests on, what did not change it, what speaks against it, and what to do when it is wrong. */
function evidenceLines(view: {
  explanation: Explanation;
  diagnosis: Diagnosis;
  now: number;
  width: number;
  palette: Palette;
  program: string;
}): string[] {
  const { proof, after, against } = view.diagnosis;
  const { palette, width, now, program } = view;
  const { session } = view.explanation;
  const labelled = (label: string, text: string) => {
    const [first = "", ...rest] = wrap(oneLine(text), width - 16);
    return [
      `  ${palette.dim(label.padEnd(12))}  ${first}`,
      ...rest.map((line) => `${" ".repeat(16)}${line}`),
    ];
  };
  if (!proof) return [];
  const silent = new Map<string, number>();
  for (const row of after) {
    const what = `${row.outcome}, ${row.rule}: ${row.reason}`;
    silent.set(what, (silent.get(what) ?? 0) + 1);
  }
  const name = eventText(proof.signal);
  return [
    ...labelled(
      "rests on",
      `${tell(proof)}, ${formatElapsed(now - proof.signal.observedTime)} ago: ${proof.reason}`,
    ),
    ...[...silent].flatMap(([what, count], index) =>
      index < 5 ? labelled(index === 0 ? "since then" : "", `${count} × ${what}`) : [],
    ),
    ...(silent.size > 5 ? labelled("", `${silent.size - 5} more kinds, below`) : []),
    ...(against
      ? labelled(
          "against it",
          `${tell(against.row)} speaks for "${against.speaks}", but ${against.row.reason}`,
        )
      : []),
    ...labelled(
      "if wrong",
      `${name} misled. Show the screen with \`${program} logs ${session.id}\`; \`${program} record ${session.id} -o FILE\` makes the bug report.`,
    ),
    "",
  ];
}

function tell({ signal, rule }: SignalRow): string {
  return `${signal.kind} ${eventText(signal)} at ${clockTime(signal.observedTime)} (${rule})`;
}

function signalRow(row: SignalRow) {
  return [
    { text: clockTime(row.signal.observedTime), style: "dim" as const },
    { text: eventText(row.signal) },
    { text: row.outcome, style: outcomeStyle(row.outcome) },
    { text: row.rule },
    statusCell(row.statusAfter),
    { text: row.reason },
  ];
}

function signalJson({ signal, ...row }: SignalRow) {
  return {
    logId: row.logId,
    signalId: signal.id,
    launchId: signal.launchId,
    kind: signal.kind,
    event: signal.event,
    meaning: row.meaning,
    observedTime: isoTime(signal.observedTime),
    commitTime: isoTime(row.commitTime),
    outcome: row.outcome,
    rule: row.rule,
    reason: orNull(row.reason),
    statusAfter: row.statusAfter,
    fields: { ...signal.fields },
  };
}
