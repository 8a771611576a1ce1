import type { Duration } from "../../gen/google/protobuf/duration.ts";

/** Epoch ms as the generated code wants a Timestamp. */
export function toDate(epochMs: number): Date;
export function toDate(epochMs: number | undefined): Date | undefined;
export function toDate(epochMs: number | undefined): Date | undefined {
  return epochMs === undefined ? undefined : new Date(epochMs);
}

/** Epoch ms of a Timestamp; undefined for a missing one and for one no Date can hold. */
export function fromDate(date: Date | undefined): number | undefined {
  const epochMs = date?.getTime();
  return epochMs === undefined || Number.isNaN(epochMs) ? undefined : epochMs;
}

/** Milliseconds as a Duration. */
export function toDuration(ms: number): Duration {
  const seconds = Math.trunc(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1_000_000) };
}

/** A Duration in milliseconds. */
export function fromDuration(duration: Duration): number {
  return duration.seconds * 1000 + duration.nanos / 1_000_000;
}
