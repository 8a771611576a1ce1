import type { Project } from "../../core/session.ts";
import { fieldLines } from "./fields.ts";
import { isoTime, orNull } from "./json-values.ts";
import type { Palette } from "./palette.ts";
import { type Column, renderTable } from "./table.ts";

const COLUMNS: readonly Column[] = [
  { title: "ID" },
  { title: "BRANCH", min: 10 },
  { title: "AGENT", drop: 1 },
  { title: "PATH", min: 20 },
];

/** A project for programs. */
export function projectJson(project: Project) {
  return {
    id: project.id,
    path: project.path,
    defaultBranch: orNull(project.defaultBranch),
    defaultHarness: orNull(project.defaultHarness),
    createTime: isoTime(project.createTime),
    updateTime: isoTime(project.updateTime),
  };
}

/** Projects for people, a line each; nothing for none. */
export function projectTable(view: {
  projects: readonly Project[];
  width: number;
  palette: Palette;
}): string[] {
  if (view.projects.length === 0) return [];
  const rows = view.projects.map((project) => [
    { text: project.id, style: "bold" as const },
    { text: project.defaultBranch },
    { text: project.defaultHarness || "-" },
    { text: project.path },
  ]);
  return renderTable({ columns: COLUMNS, rows, width: view.width, palette: view.palette });
}

/** One project for people. */
export function projectLines(project: Project, palette: Palette): string[] {
  return [
    palette.bold(project.id),
    ...fieldLines(
      [
        ["path", project.path],
        ["branch", project.defaultBranch],
        ["agent", project.defaultHarness || "none by default"],
      ],
      palette,
    ),
  ];
}
