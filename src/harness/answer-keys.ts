import { shownLines } from "../core/text/shown-lines.ts";
import type { KeySpec } from "./spec.ts";

/** A dialog stands at the end of the screen. */
const LINES = 20;

/** Keys that give an answer to the dialog on a screen: the declared ones, or that of the answer's row. */
export function answerKeys(
  keys: KeySpec,
  answer: "approve" | "deny",
  screen: string,
): readonly string[] | undefined {
  if (!keys.rows) return keys[answer]?.length ? keys[answer] : undefined;
  const end = shownLines(screen).slice(-LINES).join("\n");
  const key = new RegExp(keys.rows[answer], "m").exec(end)?.[1];
  return key === undefined ? [] : [key];
}

/** Whether both answers can be given at all. */
export function canAnswer(keys: Pick<KeySpec, "approve" | "deny" | "rows">): boolean {
  return keys.rows !== undefined || Boolean(keys.approve?.length && keys.deny?.length);
}
