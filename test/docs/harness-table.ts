import type { Evidence } from "../../src/core/ports/harnesses.ts";
import type { HarnessSpec, HookSpec } from "../../src/harness/spec.ts";

const BEGIN = "<!-- harnesses:begin -->";
const END = "<!-- harnesses:end -->";

/** The text of a README with the table of `specs` between its markers; throws when they are not there. */
export function replaceHarnesses(text: string, specs: readonly HarnessSpec[]): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the README has no "${BEGIN}" before a "${END}"`);
  return `${text.slice(0, begin + BEGIN.length)}\n${harnessTable(specs)}${text.slice(end)}`;
}

/** A Markdown table of harnesses: what each tells, how its hooks get in, and how that is known. */
export function harnessTable(specs: readonly HarnessSpec[]): string {
  const rows = specs.map(({ id, displayName, capabilities: can, hooks, facts, launch }) => [
    displayName,
    `\`${id}\``,
    mark(can.permissionSignal),
    mark(can.turnEndSignal),
    mark(can.exitSignal),
    mark(can.resume),
    can.secondWitness && !can.hooks ? "its screen" : mark(can.secondWitness),
    wayIn(hooks),
    launch.prompt === "after_start" ? "typed" : "passed",
    known(facts),
  ]);
  return [HEAD, HEAD.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

const HEAD = [
  "agent",
  "`--agent`",
  "permission dialog",
  "turn end",
  "its exit",
  "conversation id",
  "second witness",
  "ao's hooks",
  "prompt",
  "facts",
];

function mark(is: boolean): string {
  return is ? "yes" : "-";
}

function wayIn(hooks: HookSpec): string {
  switch (hooks.strategy) {
    case "none":
      return "it has none";
    case "environment":
      return "a variable";
    case "codex-config-flag":
      return "a flag, trusted by hash";
    case "opencode-plugin":
      return "a plugin by variable";
    case "files":
      return filesWayIn(hooks);
  }
}

function filesWayIn({ files, mirror, args }: Extract<HookSpec, { strategy: "files" }>): string {
  const inWorktree = files.filter(({ place }) => place === "worktree").map(({ path }) => `\`${path}\``);
  if (inWorktree.length > 0) return `in the worktree: ${inWorktree.join(", ")}`;
  if (mirror) return "a copy of its directory, made of links";
  return args.length > 0 ? "a file by flag" : "a file by variable";
}

function known(facts: { evidence: Evidence; version: string }): string {
  return [facts.evidence, facts.version].filter(Boolean).join(" ");
}
