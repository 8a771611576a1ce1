import { join } from "node:path";

/** Where ao's own programs are: agents print the commands of their hooks. */
const OWN = join(import.meta.dirname, "../../..");

/**
 * A text in which the scratch directory `root` is called /bench, and ao's own /ao. Grok calls a conversation's directory by
 * the whole path it works in.
 */
export function withoutPlaces(text: string, root: string): string {
  const named = text.replaceAll(root, "/bench").replaceAll(OWN, "/ao");
  return named.replaceAll(encodeURIComponent(root), encodeURIComponent("/bench"));
}
