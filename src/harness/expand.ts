import { fill } from "./command-line.ts";

type Values = Readonly<Record<string, string>>;

/** Fills in variables such as `{HOME}`; undefined when one of them is not set. */
export function expand(template: string, values: Values): string | undefined {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
  return names.every((name) => values[name]) ? fill(template, values) : undefined;
}

/** The first of several templates whose variables are all set. */
export function firstExpanded(templates: readonly string[], values: Values): string | undefined {
  return templates.map((template) => expand(template, values)).find((value) => value !== undefined);
}
