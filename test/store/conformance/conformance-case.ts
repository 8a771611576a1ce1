import * as assert from "uvu/assert";
import { AoError, type ErrorReason } from "../../../src/core/errors.ts";
import type { Page, Store } from "../../../src/core/ports/store.ts";
import type { TestBody } from "../../support/suite.ts";

/** Makes a test body of what is to be done with a fresh, seeded store. */
export type WithStore = (body: (store: Store) => Promise<void>) => TestBody;

/** Fails unless `attempt` is refused, with `reason` if one is named. */
export async function refused(attempt: Promise<unknown>, reason?: ErrorReason): Promise<Error> {
  const error = await attempt.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  assert.instance(error, Error, "it was accepted");
  if (reason) assert.is(error instanceof AoError ? error.reason : String(error), reason);
  return error as Error;
}

/** Follows a list to its last page. */
export async function allPages<Row>(read: (after?: string) => Promise<Page<Row>>): Promise<Row[]> {
  const first = await read();
  const rows = [...first.rows];
  for (let { next } = first; next; ) {
    const page = await read(next);
    rows.push(...page.rows);
    next = page.next;
  }
  return rows;
}
