import { AoError } from "../core/errors.ts";
import { parseDuration } from "./render/duration.ts";

/**
 * Epoch ms of a moment: `+90s` after `start`, a time of day in the reader's zone at or after `start`, or a date and
 * time; throws USAGE naming `flag`.
 */
export function parseMoment(flag: string, text: string, start: number): number {
  const value = text.trim();
  if (value.startsWith("+")) return start + parseDuration(flag, value.slice(1));
  const clock = /^(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?$/.exec(value);
  if (clock) return timeOfDay(clock.slice(1), start);
  const date = Date.parse(value);
  if (Number.isFinite(date)) return date;
  throw new AoError("USAGE", {
    problem: `${flag} "${text}" is not a time`,
    hint: "Give +90s (from the beginning), 14:05:10, or 2026-01-31T14:05:10Z.",
  });
}

function timeOfDay([hours, minutes, seconds, fraction = ""]: readonly string[], start: number): number {
  const day = new Date(start);
  day.setHours(Number(hours), Number(minutes), Number(seconds), Number(fraction.padEnd(3, "0")));
  if (day.getTime() + 999 < start) day.setDate(day.getDate() + 1);
  return day.getTime();
}
