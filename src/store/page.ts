import type { Page } from "../core/ports/store.ts";

/** Makes a page of `rows`, of which one more than `limit` was read to know whether there is a next. */
export function cutPage<Row>(request: {
  rows: readonly Row[];
  limit: number;
  /** Where the page after this row starts. */
  token: (row: Row) => string;
}): Page<Row> {
  const rows = request.rows.slice(0, request.limit);
  const last = rows.at(-1);
  return last !== undefined && request.rows.length > request.limit
    ? { rows, next: request.token(last) }
    : { rows };
}
