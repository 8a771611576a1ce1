import type { HarnessInfo } from "../client-types.ts";
import { fieldLines } from "./fields.ts";
import { orNull } from "./json-values.ts";
import type { Palette, Style } from "./palette.ts";
import { type Column, renderTable } from "./table.ts";

const COLUMNS: readonly Column[] = [
  { title: "ID" },
  { title: "NAME", drop: 2 },
  { title: "VERSION", min: 10 },
  { title: "KNOWS", min: 20 },
  { title: "BINARY", min: 16, drop: 1 },
];
const EVENT_COLUMNS: readonly Column[] = [
  { title: "EVENT" },
  { title: "WHEN", min: 10 },
  { title: "MEANS", min: 10 },
];

/** What each capability lets ao tell, in words. */
const CAPABILITY_WORDS: Readonly<Record<keyof HarnessInfo["capabilities"], string>> = {
  hooks: "hooks",
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
    permissionModes: [...harness.permissionModes],
    evidence: orNull(harness.evidence),
    evidenceVersion: orNull(harness.evidenceVersion),
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

/** One harness for people, with its event table. */
export function harnessLines(view: { harness: HarnessInfo; width: number; palette: Palette }): string[] {
  const { harness, palette } = view;
  const facts = fieldLines(
    [
      ["binary", harness.binaryPath || `not found (looked for ${harness.binaries.join(", ")})`],
      ["version", harness.version],
      ["knows", knows(harness)],
      ["permissions", harness.permissionModes.join(", ")],
      ["facts", [harness.evidence, harness.evidenceVersion].filter(Boolean).join(" with ")],
    ],
    palette,
  );
  const own = fieldLines(
    [
      ["file", harness.filePath],
      ["trust", harness.trust ? TRUST_WORDS[harness.trust](harness.id) : ""],
    ],
    palette,
  );
  const rows = harness.events.map(({ event, condition, meaning }) => [
    { text: event },
    { text: condition },
    { text: meaning },
  ]);
  const table = renderTable({ columns: EVENT_COLUMNS, rows, width: view.width, palette });
  const heading = `${palette.bold(harness.id)}  ${harness.displayName}`;
  return [heading, ...facts, ...own, ...(rows.length > 0 ? ["", ...table] : [])];
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
  return keys
    .filter((key) => capabilities[key])
    .map((key) => CAPABILITY_WORDS[key])
    .join(", ");
}
