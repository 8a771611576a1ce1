import type { Palette, Style } from "./palette.ts";
import { displayWidth, oneLine, pad, truncate } from "./text-width.ts";

/** One cell: plain text and how it is coloured. */
export interface Cell {
  text: string;
  style?: Style;
}

/** One column of a table. */
export interface Column {
  title: string;
  align?: "left" | "right";
  /** Narrowest useful width of a column that may be cut; a column without it is never cut. */
  min?: number;
  /** Width below which other columns are left out first; `min` where it is not given. */
  want?: number;
  /** Columns with a number are left out, highest first, while not every column gets the width it wants. */
  drop?: number;
}

const GAP = "  ";

/**
 * Lays rows out under their titles within `width` columns of a terminal.
 *
 * Too wide: columns with `drop` go while the others do not get what they want, then those with `min` give way, the
 * widest first. `Infinity` cuts nothing.
 */
export function renderTable(table: {
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  width: number;
  palette: Palette;
}): string[] {
  const rows = table.rows.map((row) => row.map((cell) => ({ ...cell, text: oneLine(cell.text) })));
  const widths = fitWidths(table.columns, naturalWidths(table.columns, rows), table.width);
  const shown = [...table.columns.keys()].filter((index) => widths[index] !== undefined);
  const line = (cells: readonly Cell[], style?: Style) =>
    shown
      .map((index, position) => {
        const cell = cells[index] ?? { text: "" };
        const width = widths[index] ?? 0;
        const cut = truncate(cell.text, width);
        const isLast = position === shown.length - 1;
        const align = table.columns[index]?.align;
        const filled = isLast && align !== "right" ? cut : pad(cut, width, align);
        return colored(table.palette, { text: filled, style: style ?? cell.style });
      })
      .join(GAP)
      .trimEnd();
  const titles = table.columns.map((column) => ({ text: column.title }));
  return [line(titles, "dim"), ...rows.map((row) => line(row))];
}

function colored(palette: Palette, cell: Cell): string {
  return cell.style ? palette[cell.style](cell.text) : cell.text;
}

function naturalWidths(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number[] {
  return columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(row[index]?.text ?? ""))),
  );
}

/** Width per column; undefined for a column that is left out. */
function fitWidths(
  columns: readonly Column[],
  natural: readonly number[],
  limit: number,
): (number | undefined)[] {
  const widths: (number | undefined)[] = [...natural];
  for (const index of dropOrder(columns)) {
    if (total(wanted(columns, widths)) <= limit) break;
    widths[index] = undefined;
  }
  let excess = total(widths) - limit;
  while (excess > 0) {
    const widest = widestShrinkable(columns, widths);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function wanted(columns: readonly Column[], widths: readonly (number | undefined)[]): (number | undefined)[] {
  return widths.map((width, index) =>
    width === undefined ? undefined : Math.min(width, columns[index]?.want ?? columns[index]?.min ?? width),
  );
}

function dropOrder(columns: readonly Column[]): number[] {
  const droppable = [...columns.keys()].filter((index) => columns[index]?.drop !== undefined);
  return droppable.sort((a, b) => (columns[b]?.drop ?? 0) - (columns[a]?.drop ?? 0));
}

function widestShrinkable(
  columns: readonly Column[],
  widths: readonly (number | undefined)[],
): number | undefined {
  let found: number | undefined;
  for (const [index, column] of columns.entries()) {
    const width = widths[index];
    if (width === undefined || column.min === undefined || width <= column.min) continue;
    if (found === undefined || width > (widths[found] ?? 0)) found = index;
  }
  return found;
}

function total(widths: readonly (number | undefined)[]): number {
  const shown = widths.filter((width) => width !== undefined);
  return shown.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, shown.length - 1);
}
