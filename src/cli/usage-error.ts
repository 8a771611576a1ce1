import { AoError } from "../core/errors.ts";
import { oneLine } from "./render/text-width.ts";

/** Rewrites an error of oclif's parser as a short sentence and the help that says more. */
export function usageError(error: Error, commandId?: string): AoError {
  const command = commandId ? `ao ${commandId.replaceAll(":", " ")}` : "ao";
  const problem = problemOf(error);
  const hint = commandId === "spawn" && problem.startsWith("unexpected argument") ? TASK_HINT : "";
  return new AoError("USAGE", { problem, hint: `${hint}See \`${command} --help\`.` });
}

/** What people type first. */
const TASK_HINT = 'Give the task with `--prompt "…"`. ';

function problemOf(error: Error): string {
  const missing = missingArgs(error);
  if (missing.length > 0) return `missing ${missing.map((name) => name.toUpperCase()).join(" and ")}`;
  const text = oneLine(error.message.replace(/See more help with --help\s*$/u, ""))
    .replace(/^Parsing (--[\w-]+) /u, "$1: ")
    .replace(/^The following errors? occurred: /u, "");
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** oclif names the arguments it misses in a field of its RequiredArgsError (5.1.9). */
function missingArgs(error: Error): string[] {
  if (!error.message.startsWith("Missing ") || !("args" in error) || !Array.isArray(error.args)) return [];
  return error.args.map((arg: { name?: unknown }) => String(arg.name));
}
