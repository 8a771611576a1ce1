import type { ArgItem, LaunchValue } from "./spec.ts";

/** What the items of a command line stand for. */
export interface CommandValues {
  binary: string;
  prompt: string;
  model: string;
  /** Empty: a new conversation. */
  resume: string;
  permission: readonly string[];
  hooks: readonly string[];
}

/** Builds an argument vector from its template; nothing a value contains is read as template, option or shell. */
export function commandLine(items: readonly ArgItem[], values: CommandValues): string[] {
  return items.flatMap((item) => {
    if (typeof item === "string") return [fill(item, textValues(values))];
    if ("insert" in item) return inserted(item.insert, values);
    return isSet(item.when, values) ? item.args.map((arg) => fill(arg, textValues(values))) : [];
  });
}

function inserted(name: "permission" | "hooks" | "promptWords", values: CommandValues): string[] {
  return name === "promptWords" ? values.prompt.split(" ") : [...values[name]];
}

/** Replaces each `{name}` once, in one pass; names it does not know stay as they are. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] as string) : whole,
  );
}

function textValues({ binary, prompt, model, resume }: CommandValues): Record<string, string> {
  return { binary, prompt, model, resume };
}

function isSet(value: LaunchValue, values: CommandValues): boolean {
  return values[value].length > 0;
}

/** True of a command line with arguments for a conversation that goes on. */
export function hasResumeCase(items: readonly ArgItem[]): boolean {
  return items.some((item) => typeof item !== "string" && "when" in item && item.when === "resume");
}
