import { plainLine } from "./plain-line.ts";

/** Columns of a title at most. */
export const MAX_TITLE = 80;
/** Columns of a summary, or of why a turn failed, at most. */
export const MAX_SUMMARY = 200;

/**
 * What programs put around a person's words, or in their place: the whole element goes, also one that the kept head
 * of the prompt cuts off. Seen with claude 2.1.330 (commands, reminders, notifications), codex 0.169.0 (context).
 */
const NOT_WORDS = [
  "task-notification",
  "system-reminder",
  "command-name",
  "command-message",
  "command-args",
  "command-contents",
  "local-command-stdout",
  "local-command-stderr",
  "local-command-caveat",
  "bash-input",
  "bash-stdout",
  "bash-stderr",
  "user_instructions",
  "environment_context",
  "permissions instructions",
  "turn_aborted",
  "ide_selection",
  "ide_opened_file",
  "user-memory-input",
];
const ELEMENTS = new RegExp(`<(${NOT_WORDS.join("|")})\\b[^>]*>[\\s\\S]*?(?:</\\1[^>]*>|$)`, "g");
/** A long paste is a person's own words: only the marks around it go. The closing one has the id too. */
const PASTE_MARKS = /<\/?pasted_content\b[^>]*(?:>|$)/g;
/** `/compact`, `/plugin:do it`; a path has a second slash. */
const SLASH_COMMAND = /^\s*\/[a-zA-Z][\w:.-]*(?=\s|$)/;

/**
 * What a prompt is called: its first line with words, at most 80 columns; empty for a slash command and for what no
 * person wrote, so that the next prompt may give the title.
 */
export function titleOf(prompt: string): string {
  const words = prompt.replace(ELEMENTS, "\n").replace(PASTE_MARKS, "\n");
  if (SLASH_COMMAND.test(words)) return "";
  const lines = words.split(/[\r\n\u2028\u2029]+/).map((line) => plainLine(line, MAX_TITLE));
  return lines.find((line) => /[\p{L}\p{N}\p{S}]/u.test(line)) ?? "";
}

/** What a message says, in one line of at most 200 columns. */
export function summaryOf(message: string): string {
  return plainLine(message, MAX_SUMMARY);
}
