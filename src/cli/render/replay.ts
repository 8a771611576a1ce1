import type { ReplayStep } from "../../core/replay/replay-trace.ts";
import type { Trace } from "../../core/replay/trace.ts";
import { clockTime } from "./clock-time.ts";
import { formatElapsed } from "./duration.ts";
import { fieldLines } from "./fields.ts";
import { isoTime } from "./json-values.ts";
import type { Palette } from "./palette.ts";
import { statusCell } from "./session-table.ts";
import { eventText, outcomeStyle } from "./signal-text.ts";
import { type Column, renderTable } from "./table.ts";
import { oneLine, wrap } from "./text-width.ts";

interface ReplayView {
  trace: Trace;
  steps: readonly ReplayStep[];
  width: number;
  palette: Palette;
}

const COLUMNS: readonly Column[] = [
  { title: "AT", align: "right" },
  { title: "TIME", drop: 2 },
  { title: "STATUS" },
  { title: "RULE" },
  { title: "SIGNAL", min: 14 },
  { title: "OUTCOME", drop: 1 },
  { title: "WHY", min: 20, want: 30 },
];

/** Status over time for people: a row for each change, or for each signal. */
export function replayLines(view: ReplayView & { all: boolean }): string[] {
  const { trace, steps, width, palette, all } = view;
  const start = steps[0]?.at ?? 0;
  const rows = shownSteps(steps, all).map((step) => [
    { text: offset(step.at - start), style: "dim" as const },
    { text: clockTime(step.at), style: "dim" as const },
    statusCell(step.status),
    { text: step.cause?.rule ?? "" },
    { text: step.cause ? signalText(step.cause) : "(time passed)" },
    { text: step.cause?.outcome ?? "", style: step.cause && outcomeStyle(step.cause.outcome) },
    { text: step.cause?.reason ?? step.reason },
  ]);
  const body = rows.length > 0 ? renderTable({ columns: COLUMNS, rows, width, palette }) : ["no signals"];
  return [...headLines(view), "", ...body, ...differenceLines(trace, steps, width)];
}

/** What was known at one moment: status, facts, and the signal it rests on. */
export function momentLines(view: ReplayView & { at: number }): string[] {
  const { steps, at, palette, width } = view;
  const index = steps.findLastIndex((step) => step.at <= at);
  const step = steps[index];
  if (!step) return [...headLines(view), "", `nothing was known yet at ${clockTime(at)}`];
  const { facts } = step;
  const proof = steps.findLast(({ cause }) => cause?.line.signal.id === facts.activity.signalId)?.cause;
  const [request] = facts.requests;
  const word = statusCell(step.status);
  return [
    ...headLines(view),
    "",
    ...wrap(
      `at ${clockTime(at)} (${offset(at - (steps[0]?.at ?? at))}): ${word.text}: ${step.reason}`,
      width,
    ),
    ...fieldLines(
      [
        ["process", facts.process.state],
        ["activity", `${facts.activity.state} since ${clockTime(facts.activity.since)}`],
        ["rests on", proof && `${signalText(proof)} (${proof.rule}): ${proof.reason}`],
        ["waits on", request && [request.kind, request.tool, request.agentId].filter(Boolean).join(", ")],
        ["background", facts.backgroundTasks > 0 ? `${facts.backgroundTasks} task(s)` : ""],
        ["conversations", facts.nativeSessionIds.join(" → ")],
        ["last hook", facts.memory?.hookTime === undefined ? "" : clockTime(facts.memory.hookTime)],
        ["last witness", facts.witnessTime === undefined ? "" : clockTime(facts.witnessTime)],
      ],
      palette,
    ),
  ];
}

/** A replay for programs. */
export function replayJson(view: {
  trace: Trace;
  steps: readonly ReplayStep[];
  at: number | undefined;
  all: boolean;
}) {
  const { trace, steps, at, all } = view;
  const { session, harness, ao, redacted, compacted } = trace.header;
  const last = at === undefined ? undefined : steps.findLast((step) => step.at <= at);
  const shown = at === undefined ? shownSteps(steps, all) : last ? [last] : [];
  return {
    session,
    harness,
    recordedBy: ao,
    redacted,
    compacted,
    signals: trace.signals.length,
    decidedOtherwise: steps.filter(({ cause }) => cause?.differs).length,
    steps: shown.map((step) => ({
      time: isoTime(step.at),
      status: step.status,
      statusReason: step.reason,
      activity: step.facts.activity.state,
      cause: step.cause ? "signal" : "time",
      signal: step.cause ? signalJson(step.cause) : null,
    })),
  };
}

function signalJson({ line, outcome, rule, reason, differs }: NonNullable<ReplayStep["cause"]>) {
  const { id, kind, event, meaning, launch } = line.signal;
  const observedTime = isoTime(line.ts_ns / 1e6);
  return { id, launch, kind, event, meaning, observedTime, outcome, rule, reason, decidedOtherwise: differs };
}

function headLines({ trace, steps, palette }: ReplayView): string[] {
  const { session, harness, ao, redacted } = trace.header;
  const [first, last] = [steps[0], steps.at(-1)];
  const span =
    first && last ? `${new Date(first.at).toISOString()}, ${formatElapsed(last.at - first.at)}` : "";
  const launches = new Set(trace.signals.map(({ signal }) => signal.launch)).size;
  const counts = `${trace.signals.length} signals, ${launches} ${launches === 1 ? "launch" : "launches"}`;
  const how = redacted ? "redacted" : "with text";
  return [
    `${palette.bold(oneLine(session))}  ${oneLine(harness)}  ${span}  ${counts}  ${how}, ao ${oneLine(ao)}`,
  ];
}

function shownSteps(steps: readonly ReplayStep[], all: boolean): ReplayStep[] {
  return steps.filter((step, index) => all || steps[index - 1]?.status !== step.status);
}

function signalText({ line }: NonNullable<ReplayStep["cause"]>): string {
  return eventText({ event: line.signal.event, fields: line.payload });
}

function differenceLines(trace: Trace, steps: readonly ReplayStep[], width: number): string[] {
  const differing = steps.filter(({ cause }) => cause?.differs);
  const [first] = differing;
  if (!first?.cause) return [];
  const { line, outcome } = first.cause;
  const { status, outcome: recorded } = line.signal;
  return [
    "",
    ...wrap(
      `${differing.length} of ${trace.signals.length} signals were decided otherwise when they were recorded (ao ${trace.header.ao}). ` +
        `The first: ${signalText(first.cause)} at ${clockTime(first.at)} was ${recorded}, ${status}; now ${outcome}, ${first.status}.`,
      width,
    ),
  ];
}

/** "+1m02.345s": bursts need the milliseconds. */
function offset(ms: number): string {
  const seconds = (ms % 60_000) / 1000;
  const minutes = Math.floor(ms / 60_000);
  return minutes > 0 ? `+${minutes}m${seconds.toFixed(3).padStart(6, "0")}s` : `+${seconds.toFixed(3)}s`;
}
