/** The value, or null when it is absent: undefined and empty text are the same to programs. */
export function orNull<T extends string>(value: T | undefined): T | null {
  return value === undefined || value === "" ? null : value;
}

/** Epoch ms as ISO 8601 in UTC with milliseconds; null when absent (0 included: nothing of ao's is that old). */
export function isoTime(epochMs: number | undefined): string | null {
  return epochMs ? new Date(epochMs).toISOString() : null;
}
