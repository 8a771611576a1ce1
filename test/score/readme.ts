const BEGIN = "<!-- score:begin -->";
const END = "<!-- score:end -->";

/** The text of a README with `table` between its markers; throws when they are not there. */
export function replaceScore(text: string, table: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the README has no "${BEGIN}" before a "${END}"`);
  return `${text.slice(0, begin + BEGIN.length)}\n${table}${text.slice(end)}`;
}
