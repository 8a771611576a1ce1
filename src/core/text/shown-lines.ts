/** Lines of a screen that are not blank. */
export function shownLines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
