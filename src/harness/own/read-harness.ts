import { type Document, LineCounter, type ParsedNode, parseDocument } from "yaml";
import * as z from "zod";
import type { HarnessSpec } from "../spec.ts";
import { adviceOn } from "./advice.ts";
import { completeSpec } from "./complete.ts";
import { contradictions } from "./contradictions.ts";
import { describeIssue, fieldName } from "./describe-issue.ts";
import { harnessSchema } from "./schema.ts";

/** What is wrong with a file, and where. */
export interface HarnessProblem {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** Such as `launch.interactive[2]`; empty for the whole file. */
  field: string;
  problem: string;
}

/** A file as read: a spec, or everything that is wrong with it. */
export type HarnessReading =
  | { spec: HarnessSpec; problems: []; advice: HarnessProblem[]; at: (path: Path) => Place }
  | { spec?: undefined; problems: HarnessProblem[] };

/** Line and column, from 1. */
type Place = Pick<HarnessProblem, "line" | "column">;

/** A harness is some kB; more is a mistake, or an attack on the parser. */
export const MAX_HARNESS_BYTES = 256 * 1024;

type Path = readonly PropertyKey[];

/** Reads the text of a harness's YAML file; never throws for what a text says. */
export function readHarness(text: string): HarnessReading {
  if (Buffer.byteLength(text) > MAX_HARNESS_BYTES)
    return wrong([{ ...TOP, problem: `is larger than ${MAX_HARNESS_BYTES} bytes` }]);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    version: "1.2",
  });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0)
    return wrong(
      // What follows a mistake on its line follows from it.
      firstOfEachLine(
        broken.map((one) => ({ ...place(one.pos[0]), field: "", problem: notYaml(one, text) })),
      ),
    );
  const at = (path: Path) => place(offsetOf(document.contents, path));
  const value = contentOf(document);
  if ("problem" in value) return wrong([{ ...TOP, ...value }]);
  if (value.content === null) return wrong([{ ...TOP, problem: EMPTY }]);
  const parsed = harnessSchema.safeParse(value.content, { reportInput: true });
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap((issue) => describeIssue(issue, allFields));
    return wrong(issues.map((one) => described(one, at)));
  }
  const spec = completeSpec(parsed.data);
  const found = contradictions(spec, parsed.data.capabilities);
  if (found.length > 0) return wrong(found.map((one) => described(one, at)));
  return { spec, problems: [], at, advice: inOrder(adviceOn(spec).map((one) => described(one, at))) };
}

/** The document's content; aliases that multiply are refused, with what the parser throws for them. */
function contentOf(document: Document.Parsed): { content: unknown } | { problem: string } {
  try {
    return { content: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    if (error instanceof ReferenceError) return { problem: `is no YAML ao takes: ${error.message}` };
    throw error;
  }
}

const EMPTY = "is empty: `ao harness new` makes a file to begin with";
const TOP = { line: 1, column: 1, field: "" };

function wrong(problems: HarnessProblem[]): HarnessReading {
  return { problems: inOrder(problems) };
}

function inOrder(problems: readonly HarnessProblem[]): HarnessProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function firstOfEachLine(problems: readonly HarnessProblem[]): HarnessProblem[] {
  return problems.filter(({ line }, index) => problems.findIndex((one) => one.line === line) === index);
}

function notYaml({ code, message, pos }: Document.Parsed["errors"][number], text: string): string {
  if (code === "DUPLICATE_KEY") return `is no YAML ao takes: "${keyAt(text, pos[0])}" stands twice`;
  const hint = code === "TAB_AS_INDENT" ? "; use spaces" : "";
  return `is no YAML ao takes: ${message}${hint}`;
}

function keyAt(text: string, offset: number): string {
  return /^[^:\n]*/.exec(text.slice(offset))?.[0].trim() ?? "";
}

/** Names of all fields a harness can have; looked up only where something is wrong. */
function allFields(): string[] {
  const names = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "properties") for (const name of Object.keys(inner as object)) names.add(name);
      collect(inner);
    }
  };
  collect(z.toJSONSchema(harnessSchema, { io: "input" }));
  return [...names];
}

function described({ path, problem }: { path: Path; problem: string }, at: (path: Path) => Place) {
  return { ...at(path), field: fieldName(path), problem };
}

/** Where a path stands: at its key, else at the nearest thing around it that is there. */
function offsetOf(root: ParsedNode | null, path: Path): number {
  let node: unknown = root;
  let offset = startOf(root);
  for (const step of path) {
    const pair = entryOf(node, step);
    if (!pair) break;
    offset = startOf(pair.key ?? pair.value) ?? offset;
    node = pair.value;
  }
  return offset ?? 0;
}

function entryOf(node: unknown, step: PropertyKey): { key?: unknown; value: unknown } | undefined {
  const items = (node as { items?: readonly unknown[] } | null)?.items;
  if (!items) return undefined;
  if (typeof step === "number") return items[step] === undefined ? undefined : { value: items[step] };
  return (items as readonly { key?: { value?: unknown }; value: unknown }[]).find(
    (pair) => String(pair.key?.value) === String(step),
  );
}

function startOf(node: unknown): number | undefined {
  return (node as { range?: readonly number[] } | null)?.range?.[0];
}
