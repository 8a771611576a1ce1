import type * as z from "zod";

type Issue = z.core.$ZodIssue;

/** Says in a person's words what is wrong with a value; the schema's own messages pass as they are. */
export function describeIssue(issue: Issue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return `has no field ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`;
    case "invalid_value":
      return oneOf(issue.values);
    case "invalid_union":
      return describeUnion(issue);
    case "invalid_type":
      return / received undefined$/.test(issue.message)
        ? `is missing: ${KINDS[issue.expected] ?? issue.expected}`
        : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "too_small":
      return issue.origin === "number" || issue.origin === "int"
        ? `must be ${issue.minimum} or more`
        : "must not be empty";
    case "too_big":
      return issue.origin === "number" || issue.origin === "int"
        ? `must be ${issue.maximum} or less`
        : `must not be longer than ${issue.maximum}`;
    default:
      return issue.message.replace(/^Invalid input: /, "");
  }
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

/** A path as people write it: `launch.interactive[2]`. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${String(step)}`))
    .join("");
}

/** Of the forms a value may have, what is wrong with the one it comes closest to. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion): string {
  const closest = issue.errors
    .filter((issues) => issues.length > 0)
    .toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  if (!closest) return oneOf([...issue.message.matchAll(/'([^']+)'/g)].map((match) => match[1] as string));
  return closest
    .map((one) => `${one.path.length > 0 ? `${fieldName(one.path)}: ` : ""}${describeIssue(one)}`)
    .join("; ");
}

function oneOf(values: readonly unknown[]): string {
  return `must be one of ${values.map((value) => JSON.stringify(value)).join(", ")}`;
}

function depth(issues: readonly Issue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length));
}
