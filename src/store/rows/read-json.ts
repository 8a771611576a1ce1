/** A row whose text is none of ours any more; SQLite's own code for damage, so that it is told as such. */
class UnreadableRowError extends Error {
  readonly code = "SQLITE_CORRUPT";
}

/** Parses a JSON column; `row` names the row in the error. */
export function readJson<Value>(text: string, row: string): Value {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableRowError(`the row of ${row} cannot be read`, { cause: error });
  }
}
