import type * as z from "zod";
import { suggest } from "../../util/suggest.ts";

type Issue = z.core.$ZodIssue;

/** One thing that is wrong, and where. */
export interface DescribedIssue {
  path: readonly PropertyKey[];
  problem: string;
}

/**
 * Says in a person's words what is wrong with a value: of the forms it may have, with the one it comes closest to. The
 * schema's own messages pass as they are. `fields` are the names of all fields there are.
 */
export function describeIssue(issue: Issue, fields: () => readonly string[]): DescribedIssue[] {
  const { path } = issue;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ path: [...path, key], problem: noField(key, fields()) }));
    case "invalid_key":
      return issue.issues.map(({ message }) => ({ path, problem: message }));
    case "invalid_union": {
      const closest = closestForm(issue);
      if (!closest) return [{ path, problem: oneOf(namedIn(issue.message), kindIn(issue)) }];
      return closest.flatMap((inner) =>
        describeIssue(inner, fields).map((one) => ({ ...one, path: [...path, ...one.path] })),
      );
    }
    case "invalid_value":
      return [{ path, problem: oneOf(issue.values, issue.input) }];
    case "invalid_type":
      return [{ path, problem: wrongType(issue) }];
    case "too_small":
    case "too_big":
      return [{ path, problem: outOfBounds(issue) }];
    default:
      return [{ path, problem: issue.message.replace(/^Invalid input: /, "") }];
  }
}

/** A path as people write it: `launch.interactive[2]`. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${String(step)}`))
    .join("");
}

function noField(key: string, fields: readonly string[]): string {
  if (fields.includes(key)) return "is no field here; a field of that name stands elsewhere: see README.md";
  const meant = suggest(key, fields);
  return `is no field of a harness${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
}

/** Names of YAML's kinds of values, as people call them. */
const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "fields and values",
  record: "fields and values",
};

/** What a file must say at least. */
const EXAMPLES: Readonly<Record<string, string>> = {
  id: "id: my-agent",
  displayName: "displayName: My agent",
  facts: "facts: { evidence: assumed, source: its --help }",
  binary: "binary: { names: [my-agent-cli] }",
  launch: 'launch: { interactive: ["{binary}", "{prompt}"] }',
};

function wrongType({ expected, input, path }: Extract<Issue, { code: "invalid_type" }>): string {
  const kind = KINDS[expected] ?? expected;
  const example = path.length === 1 ? EXAMPLES[String(path[0])] : undefined;
  if (input === undefined) return `is missing: ${example ? `such as \`${example}\`` : kind}`;
  if (input === null) return `has no value: it must be ${kind}`;
  const isScalar = typeof input === "string" || typeof input === "number";
  if (expected === "array" && isScalar) return `must be a list: [${input}]`;
  const isQuoted = typeof input === "string" && /^\d+$/.test(input) && /^(number|int)$/.test(expected);
  if (isQuoted) return `must be ${kind}, without quotes: ${input}`;
  if (expected === "string" && isScalar) return `must be a text, in quotes: "${input}"`;
  return `must be ${kind}`;
}

function outOfBounds(issue: Extract<Issue, { code: "too_small" | "too_big" }>): string {
  const isNumber = issue.origin === "number" || issue.origin === "int";
  if (issue.code === "too_small") return isNumber ? `must be ${issue.minimum} or more` : "must not be empty";
  return isNumber ? `must be ${issue.maximum} or less` : `must not be longer than ${issue.maximum}`;
}

function closestForm({ errors }: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  return errors
    .filter((issues) => issues.length > 0)
    .toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
}

/** The value that decides about the form, where one does. */
function kindIn({ input, path }: z.core.$ZodIssueInvalidUnion): unknown {
  const name = path.at(-1);
  return typeof input === "object" && input !== null && name !== undefined
    ? (input as Readonly<Record<PropertyKey, unknown>>)[name]
    : input;
}

/** What a message of the schema quotes. */
function namedIn(message: string): string[] {
  return [...message.matchAll(/'([^']+)'/g)].map((match) => match[1] as string);
}

function oneOf(values: readonly unknown[], input: unknown): string {
  const list = `must be one of ${values.map((value) => JSON.stringify(value)).join(", ")}`;
  if (input === undefined) return `is missing: it ${list}`;
  if (input === null) return `has no value: it ${list}`;
  if (typeof input !== "string") return list;
  const meant = suggest(input, values.map(String));
  const got = JSON.stringify(input.slice(0, 60));
  return meant === undefined ? `${list}; got ${got}` : `is ${got}; did you mean "${meant}"? It ${list}`;
}

function depth(issues: readonly Issue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length));
}
