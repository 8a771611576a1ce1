import { isAbsolute } from "node:path";
import type { Duration } from "../../gen/google/protobuf/duration.ts";
import { AoError } from "../core/errors.ts";
import { parseId } from "../core/ids.ts";
import type { EnumTable } from "../wire/enum-table.ts";
import { fromDuration } from "../wire/time.ts";

const CONTROL = /\p{Cc}/u;
/** Control characters but tab and newline. */
const UNTYPABLE = /(?![\t\n])\p{Cc}/u;

/** An INVALID_FIELD error; `field` is the path in the request, in proto names. */
export function invalid(field: string, value: string | number, problem: string): AoError {
  return new AoError("INVALID_FIELD", { field, value, problem });
}

/** An id that is required. */
export function requiredId(field: string, value: string): string {
  return parseId(field, value);
}

/** An id or nothing. */
export function optionalId(field: string, value: string): string {
  return value === "" ? value : parseId(field, value);
}

/** A session's id or name: 1 to 100 characters, no control characters. */
export function sessionRef(field: string, value: string): string {
  if (value === "") throw invalid(field, value, "must name a session by id or name");
  return line(field, value, 100);
}

/** Text of one line, at most `max` characters, no control characters; may be empty. */
export function line(field: string, value: string, max: number): string {
  if (value.length > max) throw invalid(field, value, `must have at most ${max} characters`);
  if (CONTROL.test(value)) throw invalid(field, value, "must not contain control characters");
  return value;
}

/** Text of many lines, at most `maxBytes` bytes, no NUL; may be empty. */
export function longText(field: string, value: string, maxBytes: number): string {
  if (Buffer.byteLength(value) > maxBytes) throw invalid(field, value, `must have at most ${maxBytes} bytes`);
  if (value.includes("\0")) throw invalid(field, value, "must not contain NUL");
  return value;
}

/** Text that is typed into a terminal: 1 to `maxBytes` bytes, no control characters but tab and newline. */
export function typableText(field: string, value: string, maxBytes: number): string {
  if (value === "") throw invalid(field, value, "must not be empty");
  if (UNTYPABLE.test(value)) {
    throw invalid(field, value, "must not contain control characters other than tab and newline");
  }
  return longText(field, value, maxBytes);
}

/** A git ref or nothing: never read as an option. What git itself refuses, git says. */
export function gitRef(field: string, value: string): string {
  if (value.startsWith("-")) throw invalid(field, value, "must not start with '-'");
  return line(field, value, 200);
}

/** An absolute path. */
export function absolutePath(field: string, value: string): string {
  if (!isAbsolute(value)) throw invalid(field, value, "must be an absolute path");
  return line(field, value, 4096);
}

/** Variables of an environment; undefined when none were sent. Values are never quoted in an error. */
export function environment(
  field: string,
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(variables);
  for (const [key, value] of entries) {
    if (!/^[^=\0]+$/.test(key)) throw invalid(field, key, "must have names without '=' and NUL");
    if (value.includes("\0")) throw invalid(field, key, "must have values without NUL");
  }
  return entries.length > 0 ? variables : undefined;
}

/** At most 64 labels: names of 1 to 63 characters, values of at most 200, no control characters. */
export function labels(
  field: string,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(values);
  if (entries.length > 64) throw invalid(field, entries.length, "must have at most 64 entries");
  for (const [key, value] of entries) {
    if (key === "") throw invalid(field, key, "must have names that are not empty");
    line(field, key, 63);
    line(`${field}.${key}`, value, 200);
  }
  return values;
}

/** A known word of an enum; `fallback` stands for UNSPECIFIED, which is refused without one. */
export function word<Word extends string>(
  field: string,
  value: number,
  choice: { table: EnumTable<Word, number>; fallback?: Word },
): Word {
  const found = value === 0 ? choice.fallback : choice.table.fromProto(value);
  if (found) return found;
  throw invalid(field, value, `must be one of ${choice.table.words.join(", ")}`);
}

/** A duration in ms within 0 and `maxMs`; `defaultMs` when it was not sent. */
export function durationMs(
  field: string,
  value: Duration | undefined,
  bounds: { defaultMs: number; maxMs: number },
): number {
  const ms = value ? fromDuration(value) : bounds.defaultMs;
  if (ms >= 0 && ms <= bounds.maxMs) return ms;
  throw invalid(field, `${ms / 1000} s`, `must be between 0 and ${bounds.maxMs / 1000} s`);
}

/** A number within bounds; `fallback` stands for 0. */
export function count(field: string, value: number, bounds: { fallback: number; max: number }): number {
  if (value >= 0 && value <= bounds.max) return value || bounds.fallback;
  throw invalid(field, value, `must be between 0 and ${bounds.max}`);
}

/** A position that is not negative; undefined when it was not sent. */
export function position(field: string, value: number | undefined): number | undefined {
  if (value !== undefined && value < 0) throw invalid(field, value, "must not be negative");
  return value;
}

/** Paths of a mask, each one of `known`, at least one. */
export function maskPaths<Path extends string>(
  field: string,
  mask: readonly string[] | undefined,
  known: readonly Path[],
): ReadonlySet<Path> {
  const names = known.join(", ");
  if (!mask || mask.length === 0) throw invalid(field, "", `must name at least one of ${names}`);
  const isKnown = (path: string): path is Path => known.some((candidate) => candidate === path);
  return new Set(
    mask.map((path) => {
      if (isKnown(path)) return path;
      throw invalid(field, path, `must name only ${names}`);
    }),
  );
}

/** A message that is required. */
export function requiredMessage<T>(field: string, value: T | undefined): T {
  if (value === undefined) throw invalid(field, "", "must be set");
  return value;
}
