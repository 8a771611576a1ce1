import type { Palette } from "./palette.ts";

/** "name  value" lines with the values aligned; fields without a value are left out. */
export function fieldLines(
  fields: readonly (readonly [name: string, value: string | undefined])[],
  palette: Palette,
): string[] {
  const present = fields.filter(([, value]) => value);
  const width = Math.max(0, ...present.map(([name]) => name.length));
  return present.map(([name, value]) => `  ${palette.dim(name.padEnd(width))}  ${value}`);
}
