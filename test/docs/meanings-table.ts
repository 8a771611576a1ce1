import { EVENT_MEANING_NAMES, EVENT_MEANINGS } from "../../src/harness/own/meanings.ts";

const BEGIN = "<!-- meanings:begin -->";
const END = "<!-- meanings:end -->";

/** The text of a README with the table of meanings between its markers; throws when they are not there. */
export function replaceMeanings(text: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the README has no "${BEGIN}" before a "${END}"`);
  return `${text.slice(0, begin + BEGIN.length)}\n${meaningsTable()}${text.slice(end)}`;
}

function meaningsTable(): string {
  const rows = EVENT_MEANING_NAMES.map((name) => `| \`${name}\` | ${EVENT_MEANINGS[name]} |\n`);
  return `| meaning | when |\n| --- | --- |\n${rows.join("")}`;
}
