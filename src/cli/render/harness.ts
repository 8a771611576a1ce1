import type { HarnessInfo } from "../client-types.ts";
import { fieldLines } from "./fields.ts";
import { orNull } from "./json-values.ts";
import type { Palette, Style } from "./palette.ts";
import { type Column, renderTable } from "./table.ts";
import { wrap } from "./text-width.ts";

const COLUMNS: readonly Column[] = [
  { title: "ID" },
  { title: "NAME", drop: 1 },
  { title: "VERSION", min: 13 },
  { title: "TELLS", min: 20, want: 49 },
  { title: "BINARY", min: 16, drop: 2 },
];
const EVENT_COLUMNS: readonly Column[] = [
  { title: "EVENT" },
  { title: "WHEN", min: 10 },
  { title: "MEANS", min: 10 },
];

/** What an agent does not say when a capability is missing. */
const UNTOLD_WORDS: Readonly<Partial<Record<keyof HarnessInfo["capabilities"], string>>> = {
  permissionSignal: "that a permission dialog is open",
  turnEndSignal: "that its turn is over",
  exitSignal: "that it ends (ao sees its process)",
  resume: "which conversation it is in",
};

/** What each capability lets ao tell, in words. */
const CAPABILITY_WORDS: Readonly<Record<keyof HarnessInfo["capabilities"], string>> = {
  hooks: "that it lives",
  permissionSignal: "permission",
  turnEndSignal: "turn end",
  exitSignal: "exit",
  resume: "resume",
  secondWitness: "witness",
  answer: "answer",
};

/** A harness for programs. */
export function harnessJson(harness: HarnessInfo) {
  return {
    id: harness.id,
    displayName: harness.displayName,
    supported: harness.supported,
    installed: harness.binaryPath !== "",
    binaries: [...harness.binaries],
    binaryPath: orNull(harness.binaryPath),
    version: orNull(harness.version),
    capabilities: { ...harness.capabilities },
    resumeBy: orNull(harness.resumeBy),
    permissionModes: [...harness.permissionModes],
    evidence: orNull(harness.evidence),
    evidenceVersion: orNull(harness.evidenceVersion),
    evidenceSource: orNull(harness.evidenceSource),
    facts: harness.facts.map((fact) => ({ ...fact })),
    limits: [...harness.limits],
    gates: harness.gates.map((gate) => ({ ...gate })),
    promptIsTyped: harness.promptIsTyped,
    worktreeFiles: [...harness.worktreeFiles],
    binaryVariable: orNull(harness.binaryVariable),
    filePath: orNull(harness.filePath),
    fileDigest: orNull(harness.fileDigest),
    trust: orNull(harness.trust),
    problems: harness.problems.map((problem) => ({ ...problem })),
    events: harness.events.map(({ event, condition, meaning }) => ({
      event,
      condition: orNull(condition),
      meaning,
    })),
  };
}

/** Harnesses for people, a line each. */
export function harnessTable(view: {
  harnesses: readonly HarnessInfo[];
  width: number;
  palette: Palette;
}): string[] {
  const rows = view.harnesses.map((harness) => [
    { text: harness.id, style: "bold" as const },
    { text: harness.displayName },
    installation(harness),
    { text: knows(harness), style: "dim" as const },
    { text: harness.binaryPath, style: "dim" as const },
  ]);
  return renderTable({ columns: COLUMNS, rows, width: view.width, palette: view.palette });
}

/** One harness for people: where it is, what it tells and what not, how that is known, and its event table. */
export function harnessLines(view: { harness: HarnessInfo; width: number; palette: Palette }): string[] {
  const { harness, palette, width } = view;
  const named = harness.binaryVariable ? `, or ${harness.binaryVariable}` : "";
  const facts = wrappedFields(
    [
      ["binary", harness.binaryPath || `not found (looked for ${harness.binaries.join(", ")}${named})`],
      ["version", harness.version],
      ["tells", knows(harness)],
      ["never tells", untold(harness)],
      ["permissions", harness.permissionModes.join(", ")],
      ["prompt", harness.promptIsTyped ? "typed when its composer shows" : "on its command line"],
      ["goes on", harness.resumeBy ? RESUME_WORDS[harness.resumeBy] : ""],
      ["in worktree", harness.worktreeFiles.join(", ")],
      ["facts", factWords(harness)],
      ["file", harness.filePath],
      ["trust", harness.trust ? TRUST_WORDS[harness.trust](harness.id) : ""],
    ],
    { width, palette },
  );
  const rows = harness.events.map(({ event, condition, meaning }) => [
    { text: event },
    { text: condition },
    { text: meaning },
  ]);
  const table = renderTable({ columns: EVENT_COLUMNS, rows, width, palette });
  const heading = `${palette.bold(harness.id)}  ${harness.displayName}`;
  return [
    heading,
    ...facts,
    ...section("LIMITS", harness.limits, { width, palette }),
    ...section(
      "BEFORE ITS FIRST WORD",
      harness.gates.map(({ gate, how, note }) => `${gate} (${GATE_WORDS[how]}): ${note}`),
      { width, palette },
    ),
    ...(rows.length > 0 ? ["", ...table] : []),
  ];
}

const RESUME_WORDS: Readonly<Record<NonNullable<HarnessInfo["resumeBy"]>, string>> = {
  id: "with the conversation of an id",
  copy: "with a copy of the conversation of an id",
  directory: "with the last conversation of its worktree",
};

const GATE_WORDS: Readonly<Record<HarnessInfo["gates"][number]["how"], string>> = {
  skipped: "ao skips it",
  named: "the status names it",
  hidden: "shows as a start without a word",
};

function wrappedFields(
  fields: readonly (readonly [name: string, value: string])[],
  { width, palette }: { width: number; palette: Palette },
): string[] {
  const present = fields.filter(([, value]) => value !== "");
  const indent = Math.max(0, ...present.map(([name]) => name.length)) + 4;
  return present.flatMap(([name, value]) => {
    const [first = "", ...rest] = wrap(value, Math.max(20, width - indent));
    return [
      ...fieldLines([[name.padEnd(indent - 4), first]], palette),
      ...rest.map((line) => " ".repeat(indent) + line),
    ];
  });
}

function section(
  title: string,
  sentences: readonly string[],
  { width, palette }: { width: number; palette: Palette },
): string[] {
  if (sentences.length === 0) return [];
  const lines = sentences.flatMap((sentence) =>
    wrap(sentence, Math.max(20, width - 4)).map((line, at) => `${at === 0 ? "  - " : "    "}${line}`),
  );
  return ["", palette.dim(title), ...lines];
}

function factWords({ evidence, evidenceVersion, evidenceSource, facts }: HarnessInfo): string {
  const main = [evidence, evidenceVersion && `with ${evidenceVersion}`].filter(Boolean).join(" ");
  const others = facts.map(({ area, evidence: known, source }) => `${area} ${known} (${source})`);
  return [`${main}${evidenceSource ? ` (${evidenceSource})` : ""}`, ...others].filter(Boolean).join("; ");
}

function untold({ capabilities, supported }: HarnessInfo): string {
  if (!supported) return "";
  const keys = Object.keys(UNTOLD_WORDS) as (keyof typeof UNTOLD_WORDS)[];
  const seen: readonly string[] = isToldByScreen(capabilities) ? ["permissionSignal", "turnEndSignal"] : [];
  return keys
    .filter((key) => !capabilities[key] && !seen.includes(key))
    .map((key) => UNTOLD_WORDS[key])
    .join(", ");
}

/** Without hooks the screen is its only witness. */
function isToldByScreen({ hooks, secondWitness }: HarnessInfo["capabilities"]): boolean {
  return !hooks && secondWitness;
}

/** What is wrong with a file, a line each, as compilers write it. */
export function problemLines(view: {
  path: string;
  problems: HarnessInfo["problems"];
  palette: Palette;
}): string[] {
  return view.problems.map(({ line, column, field, problem }) => {
    const place = `${view.path}:${line}:${column}:`;
    return [view.palette.bold(place), field && view.palette.cyan(field), problem].filter(Boolean).join(" ");
  });
}

/** What the trust in a file is, and what to do about it. */
const TRUST_WORDS: Readonly<Record<NonNullable<HarnessInfo["trust"]>, (id: string) => string>> = {
  trusted: () => "may run as it stands",
  changed: (id) => `changed since it was trusted: may not run before \`ao harness trust ${id}\``,
  untrusted: (id) => `may not run before \`ao harness trust ${id}\``,
  invalid: (id) => `is no harness: see \`ao harness check ${id}\``,
};

function installation(harness: HarnessInfo): { text: string; style: Style } {
  if (harness.trust && harness.trust !== "trusted") return { text: harness.trust, style: "yellow" };
  if (!harness.supported) return { text: "no longer supported", style: "red" };
  if (!harness.binaryPath) return { text: "not installed", style: "dim" };
  return { text: harness.version || "installed", style: "green" };
}

function knows({ capabilities }: HarnessInfo): string {
  const keys = Object.keys(CAPABILITY_WORDS) as (keyof HarnessInfo["capabilities"])[];
  if (isToldByScreen(capabilities)) return "its turns and dialogs, by its screen";
  if (!capabilities.hooks) return "process only";
  const known = keys
    .filter((key) => key !== "hooks" && capabilities[key])
    .map((key) => CAPABILITY_WORDS[key]);
  return known.join(", ") || "that it lives";
}
