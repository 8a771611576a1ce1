import type { ScreenReading } from "../core/ports/harnesses.ts";
import { shownLines } from "../core/text/shown-lines.ts";
import type { ScreenPattern, ScreenSpec } from "./spec.ts";

/** Reads what a screen shows: a gate, else a dialog, else the empty composer, else unknown. */
export function readScreen(spec: ScreenSpec, text: string): ScreenReading {
  const shows = matcher(text);
  const gate = spec.gates.find(shows);
  if (gate) return { kind: "gate", gate: gate.gate };
  if (spec.denial?.some(shows)) return { kind: "dialog", denial: true };
  const dialog = spec.dialog.find(shows);
  if (dialog) return { kind: "dialog", ...(dialog.asks && { asks: dialog.asks }) };
  if (!spec.busy.some(shows) && spec.ready.some(shows)) return { kind: "ready" };
  return { kind: "unknown" };
}

/** Whether a running turn is seen. */
export function showsBusy(spec: ScreenSpec, text: string): boolean {
  return spec.busy.some(matcher(text));
}

/** Those of a pattern's expressions that the screen does not show; none where the pattern holds. */
export function missingIn(pattern: ScreenPattern, text: string): string[] {
  const tail = shownLines(text).slice(-pattern.lines).join("\n");
  return pattern.all.filter((expression) => !new RegExp(expression, "m").test(tail));
}

function matcher(text: string): (pattern: ScreenPattern) => boolean {
  return (pattern) => missingIn(pattern, text).length === 0;
}

/** Characters without width that programs put beside their cursor (qwen): nobody typed them. */
const WIDTHLESS = /[\u200b\u2060\ufeff]/gu;

/** Reads the text in the composer; a placeholder is none. */
export function readComposer(spec: ScreenSpec, text: string): string | undefined {
  if (spec.composer === undefined) return undefined;
  const seen = new RegExp(spec.composer).exec(text.trimEnd())?.[1];
  const margin = spec.composerMargin === undefined ? undefined : new RegExp(spec.composerMargin, "gm");
  const found = (margin ? seen?.replace(margin, "") : seen)?.replace(WIDTHLESS, "").trim();
  const isPlaceholder = spec.placeholders?.some((one) => new RegExp(`^(?:${one})$`).test(found ?? ""));
  return isPlaceholder ? "" : found;
}
