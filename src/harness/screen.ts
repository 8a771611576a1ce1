import type { ScreenReading } from "../core/ports/harnesses.ts";
import type { ScreenPattern, ScreenSpec } from "./spec.ts";

/** Reads what a screen shows: a gate, else a dialog, else the empty composer, else unknown. */
export function readScreen(spec: ScreenSpec, text: string): ScreenReading {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const shows = (pattern: ScreenPattern) => {
    const tail = lines.slice(-pattern.lines).join("\n");
    return pattern.all.every((expression) => new RegExp(expression, "m").test(tail));
  };
  const gate = spec.gates.find(shows);
  if (gate) return { kind: "gate", gate: gate.gate };
  if (spec.dialog.some(shows)) return { kind: "dialog" };
  if (!spec.busy.some(shows) && spec.ready.some(shows)) return { kind: "ready" };
  return { kind: "unknown" };
}

/** Reads the text in the composer; a placeholder is none. */
export function readComposer(spec: ScreenSpec, text: string): string | undefined {
  if (spec.composer === undefined) return undefined;
  const seen = new RegExp(spec.composer).exec(text.trimEnd())?.[1];
  const margin = spec.composerMargin === undefined ? undefined : new RegExp(spec.composerMargin, "gm");
  const found = (margin ? seen?.replace(margin, "") : seen)?.trim();
  const isPlaceholder = spec.placeholders?.some((one) => new RegExp(`^(?:${one})$`).test(found ?? ""));
  return isPlaceholder ? "" : found;
}
