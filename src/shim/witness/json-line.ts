/** Members of a value that should be an object; none of anything else. */
export function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** The members of a line that is one JSON object; none of torn lines and garbage. Never throws. */
export function membersOfLine(line: string): Readonly<Record<string, unknown>> {
  try {
    return members(JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Epoch ms of an ISO time; undefined for anything else. */
export function timeOf(value: unknown): number | undefined {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
}

/** Text that is not empty, cut at `length` characters; undefined for anything else. */
export function short(value: unknown, length: number): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, length) : undefined;
}
