import { type Document, LineCounter, type ParsedNode, parseDocument } from "yaml";
import type * as z from "zod";
import type { HarnessSpec } from "../spec.ts";
import { completeSpec } from "./complete.ts";
import { type Contradiction, contradictions } from "./contradictions.ts";
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
  | { spec: HarnessSpec; problems: [] }
  | { spec?: undefined; problems: HarnessProblem[] };

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
      broken.map(({ pos, message }) => ({
        ...place(pos[0]),
        field: "",
        problem: `is no YAML ao takes: ${message}`,
      })),
    );
  const at = (path: Path) => place(offsetOf(document.contents, path));
  const value = contentOf(document);
  if ("problem" in value) return wrong([{ ...TOP, ...value }]);
  const parsed = harnessSchema.safeParse(value.content);
  if (!parsed.success) return wrong(parsed.error.issues.flatMap((issue) => problemsOf(issue, at)));
  const spec = completeSpec(parsed.data);
  const found = contradictions(spec, parsed.data.capabilities);
  return found.length > 0 ? wrong(found.map((one) => described(one, at))) : { spec, problems: [] };
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

const TOP = { line: 1, column: 1, field: "" };

function wrong(problems: HarnessProblem[]): HarnessReading {
  return { problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

function described({ path, problem }: Contradiction, at: (path: Path) => { line: number; column: number }) {
  return { ...at(path), field: fieldName(path), problem };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  at: (path: Path) => { line: number; column: number },
): HarnessProblem[] {
  const here = (path: Path, problem: string) => ({ ...at(path), field: fieldName(path), problem });
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => here([...issue.path, key], "is no field of a harness"));
    case "invalid_key":
      return issue.issues.map(({ message }) => here(issue.path, message));
    default:
      return [here(issue.path, describeIssue(issue))];
  }
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
