import type { Harness } from "../../core/ports/harnesses.ts";

/** What stands in a composer, seen by whoever has pasted `text` into it. */
export type ComposerReading = "unreadable" | "empty" | "ours" | "changed" | "other";

/** How agents show a long paste: claude 2.1.330, codex 0.169.0 and qwen 0.24.4, opencode 1.18.33, gemini 0.61.0, copilot 1.0.102. */
const PASTE_MARK = /\[(Pasted(text#\d+|Content\d+chars|~\d+|Text:\d+lines)|Savedpastedcontent)[^\]]*\]/g;
/** Fewer letters than these are no proof that a part of the text stands there. */
const TELLING_LETTERS = 20;

/** Compares the composer on a screen with the text that was pasted into it. */
export function readOwnComposer(harness: Harness, screen: string, text: string): ComposerReading {
  const draft = harness.readComposer(screen);
  if (draft === undefined) return "unreadable";
  const shown = letters(draft);
  if (shown === "") return "empty";
  const own = letters(text);
  const plain = shown.replaceAll(PASTE_MARK, "");
  if (shown === own || (plain === "" && plain !== shown)) return "ours";
  // A composer with a long text in it shows the part around the cursor.
  if (shown.length >= TELLING_LETTERS && own.includes(shown)) return "ours";
  return plain !== shown || shown.includes(own) ? "changed" : "other";
}

/** A text without what composers add: they wrap and indent lines and draw borders. */
export function letters(text: string): string {
  return text.replace(/[\s─-╿▀-▟]+/g, "");
}
