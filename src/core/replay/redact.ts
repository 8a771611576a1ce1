import { createHash } from "node:crypto";
import type { SignalFields } from "../signal.ts";

/** Agents' own words are short and plain; anything else may be text somebody wrote. */
const WORD = /^[\w.:-]{1,128}$/;
/** Kinds of dialogs may be two or three such words: "permission prompt". */
const KIND = /^[a-z]{1,20}( [a-z]{1,20}){0,2}$/;

/** Makes what leaves the machine of what was kept of a payload. */
export interface Redactor {
  fields(fields: SignalFields): SignalFields;
  /** An id or a name: as it is when it is a plain word, else its length and digest. */
  word(value: string): string;
  /** Text with `home` taken out, and without the words of `raw` that are not shown. */
  sentence(text: string, raw: readonly (string | undefined)[]): string;
}

/**
 * Creates a redactor. Prompts, messages and paths become their length and a digest, so that equal ones stay equal;
 * `withText` keeps them, with `home` written as `~`.
 */
export function createRedactor({ home, withText }: { home: string; withText: boolean }): Redactor {
  const homeless = (text: string) => (home.length > 1 ? text.replaceAll(home, "~") : text);
  const text = (value: string) => (withText ? homeless(value) : veiled(value, "characters"));
  const path = (value: string) => (withText ? homeless(value) : veiled(value, "characters of path"));
  const word = (value: string) => (WORD.test(value) ? value : text(value));
  const plain = (value: string) => (KIND.test(value) ? value : word(value));
  return {
    word,
    fields: ({ prompt, message, cwd, transcriptPath, ...rest }) => ({
      ...mapText(rest, plain),
      ...mapText({ prompt, message }, text),
      ...mapText({ cwd, transcriptPath }, path),
    }),
    sentence: (said, raw) =>
      homeless(raw.reduce<string>((so, one) => (one ? so.replaceAll(one, plain(one)) : so), said)),
  };
}

function mapText<T extends object>(values: T, change: (value: string) => string): T {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "string" ? change(value) : value]),
  ) as T;
}

function veiled(value: string, what: string): string {
  if (value === "") return value;
  return `<${[...value].length} ${what}, ${createHash("sha256").update(value).digest("hex").slice(0, 8)}>`;
}
