import { type Salvage, salvageName } from "../../core/ports/workspaces.ts";
import { formatElapsed } from "./duration.ts";
import { fieldLines } from "./fields.ts";
import { isoTime, orNull } from "./json-values.ts";
import type { Palette } from "./palette.ts";
import { type Column, renderTable } from "./table.ts";

const COLUMNS: readonly Column[] = [
  { title: "SALVAGE" },
  { title: "AGO" },
  { title: "COMMITS", align: "right" },
  { title: "FILES", align: "right" },
  { title: "SIZE", align: "right", drop: 2 },
  { title: "BRANCH", min: 10, drop: 1 },
  { title: "SUBJECT", min: 10, want: 20 },
];
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A salvage for programs. */
export function salvageJson(salvage: Salvage) {
  return {
    name: salvageName(salvage),
    ref: salvage.ref,
    commit: salvage.commit,
    project: salvage.projectId,
    session: salvage.sessionId,
    branch: orNull(salvage.branch),
    subject: salvage.subject,
    commits: salvage.commitCount,
    files: salvage.fileCount,
    sizeBytes: salvage.sizeBytes,
    operation: orNull(salvage.operation),
    saveTime: isoTime(salvage.saveTime),
  };
}

/** Salvages for people, a line each; nothing for none. */
export function salvageTable(view: {
  salvages: readonly Salvage[];
  now: number;
  width: number;
  palette: Palette;
}): string[] {
  if (view.salvages.length === 0) return [];
  const rows = view.salvages.map((salvage) => [
    { text: salvageName(salvage), style: "bold" as const },
    { text: formatElapsed(Math.max(0, view.now - salvage.saveTime)) },
    { text: String(salvage.commitCount) },
    { text: String(salvage.fileCount) },
    { text: formatBytes(salvage.sizeBytes) },
    { text: salvage.branch || "-" },
    { text: salvage.subject },
  ]);
  return renderTable({ columns: COLUMNS, rows, width: view.width, palette: view.palette });
}

/** One salvage for people, with what git can do with it. */
export function salvageLines(salvage: Salvage, palette: Palette): string[] {
  const { ref, commitCount, fileCount } = salvage;
  const size = formatBytes(salvage.sizeBytes);
  const fields: [string, string][] = [
    ["session", salvage.sessionId],
    ["project", salvage.projectId],
    ["saved", isoTime(salvage.saveTime) ?? ""],
    ["branch", salvage.branch || "not known"],
    ["commit", salvage.subject],
    [
      "holds",
      `${count(commitCount, "commit")} that stand nowhere else, ${count(fileCount, "file")} (${size})`,
    ],
    ...(salvage.operation ? [["unfinished", salvage.operation] as [string, string]] : []),
    ["ref", ref],
    ["files", `git diff --stat ${ref}^ ${ref}`],
    ["commits", `git log ${ref}`],
  ];
  return [palette.bold(salvageName(salvage)), ...fieldLines(fields, palette)];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** "17 B", "1.2 MiB". */
function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
