import type { Score } from "./score.ts";
import type { AgentScore, ScoreReport } from "./score-all.ts";
import { WAYS, type Way } from "./ways.ts";

export const HEADINGS = [
  "agent",
  "way",
  "stretches right",
  "needs recall",
  "false needs",
  "time right",
  "to correct p50",
  "p95",
  "exits",
  "tellable",
  "right of these",
  "false needs, told",
  "p95 after evidence",
] as const;

/** The table's rows: each agent and all together, each way. */
export function rowsOf(report: ScoreReport): string[][] {
  return [...report.agents, report.all].flatMap((agent) => WAYS.map((way) => rowOf(agent, way)));
}

function rowOf({ agent, ways }: AgentScore, way: Way): string[] {
  const score = ways[way];
  return [
    agent,
    way,
    partOf(score.right, score.stretches),
    partOf(score.needsRight, score.needs),
    percent(score.falseNeeds),
    percent(score.timeRight),
    ms(score.correctP50),
    ms(score.correctP95),
    partOf(score.exitsRight, score.exits),
    `${score.tellable} of ${score.stretches}`,
    partOf(score.right, score.tellable),
    percent(score.falseNeedsTold),
    ms(score.afterEvidenceP95),
  ];
}

/** A promise about the recordings of an agent, or of all agents. */
export interface Budget {
  what: string;
  holds(score: Score): boolean;
}

/** What must hold of each agent and of all together, wherever a recording holds something that could tell. */
export const BUDGETS: readonly Budget[] = [
  { what: "stretches right ≥ 99 %", holds: (score) => score.right >= 0.99 * score.tellable },
  { what: "needs recall ≥ 99 %", holds: (score) => score.needsRight >= 0.99 * score.needsTellable },
  { what: "false needs ≤ 0.5 %", holds: (score) => score.falseNeedsTold <= 0.005 },
  { what: "exits 100 %", holds: (score) => score.exitsRight === score.exits },
  { what: "time to correct p95 ≤ 1 s after the evidence", holds: (score) => score.afterEvidenceP95 <= 1000 },
];

/** What must hold of all together, whatever the recordings lack. */
export const RAW_BUDGETS: readonly Budget[] = [
  { what: "all stretches right ≥ 99 %", holds: (score) => score.right >= 0.99 * score.stretches },
  { what: "all needs recalled ≥ 99 %", holds: (score) => score.needsRight >= 0.99 * score.needs },
  { what: "all false needs ≤ 0.5 %", holds: (score) => score.falseNeeds <= 0.005 },
];

/** Budgets that do not hold, as `<agent>: <budget>`. */
export function missedBudgets(report: ScoreReport): string[] {
  const missed = ({ agent, ways }: AgentScore, budgets: readonly Budget[]) =>
    budgets.filter((budget) => !budget.holds(ways.ao)).map((budget) => `${agent}: ${budget.what}`);
  return [
    ...report.agents.flatMap((one) => missed(one, BUDGETS)),
    ...missed(report.all, [...BUDGETS, ...RAW_BUDGETS]),
  ];
}

/** The table with columns of equal width, for a terminal. */
export function textTable(report: ScoreReport): string {
  const rows = [[...HEADINGS], ...rowsOf(report)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The table and what stands below it, in Markdown. */
export function markdown(report: ScoreReport): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(HEADINGS),
    line(HEADINGS.map(() => "---")),
    ...rowsOf(report).map(line),
    "",
    ...notes(report).map((note) => `${note}  `),
    "",
  ].join("\n");
}

/** What a reader must know of the figures: untellable stretches, missing harnesses, budgets. */
export function notes(report: ScoreReport): string[] {
  const { all, withoutHarness, unknownEvents } = report;
  const score = all.ways.ao;
  const untold = score.wrong.filter((one) => one.evidence === undefined);
  const missed = missedBudgets(report);
  return [
    `${score.recordings} recordings. ${missed.length === 0 ? "All budgets hold." : `Missed: ${missed.join("; ")}.`}`,
    ...(untold.length > 0
      ? [
          `Nothing in the recording tells of: ${untold.map((one) => `${one.trace} (${one.state})`).join(", ")}.`,
        ]
      : []),
    ...(withoutHarness.length > 0
      ? [`Recorded and not scored, for want of a harness: ${withoutHarness.join(", ")}.`]
      : []),
    ...(unknownEvents.length > 0 ? [`Events no table knows: ${unknownEvents.join(", ")}.`] : []),
  ];
}

function partOf(part: number, whole: number): string {
  return whole === 0 ? "-" : `${percent(part / whole)} (${part}/${whole})`;
}

function percent(share: number): string {
  const rounded = share < 1 ? Math.min(99.9, Math.round(share * 1000) / 10) : 100;
  return `${rounded} %`;
}

function ms(value: number): string {
  return `${value} ms`;
}
