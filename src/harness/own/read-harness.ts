import { type Document, LineCounter, type ParsedNode, parseDocument } from "yaml";
import type * as z from "zod";
import type { HarnessSpec } from "../spec.ts";
import { completeSpec } from "./complete.ts";
import { type Contradiction, contradictions } from "./contradictions.ts";
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
    case "invalid_union":
      return [here(issue.path, unionProblem(issue))];
    case "invalid_value":
      return [
        here(issue.path, `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`),
      ];
    case "invalid_key":
      return issue.issues.map(({ message }) => here(issue.path, message));
    default:
      return [here(issue.path, issue.message.replace(/^Invalid input: /, ""))];
  }
}

/** Of the forms a value may have, what is wrong with the one it comes closest to. */
function unionProblem(issue: z.core.$ZodIssueInvalidUnion): string {
  const closest = issue.errors
    .filter((issues) => issues.length > 0)
    .toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  if (!closest) return issue.message;
  return closest
    .map((one) => (one.path.length > 0 ? `${fieldName(one.path)}: ${plain(one)}` : plain(one)))
    .join("; ");
}

function plain(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys")
    return `has no field ${issue.keys.map((key) => `"${key}"`).join(", ")}`;
  if (issue.code === "invalid_value")
    return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
  return issue.message.replace(/^Invalid input: /, "");
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length));
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

/** A path as people write it: `launch.interactive[2]`. */
function fieldName(path: Path): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${String(step)}`))
    .join("");
}
