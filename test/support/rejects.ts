import * as assert from "uvu/assert";
import { AoError, type ErrorReason } from "../../src/core/errors.ts";

/** Asserts that `promise` is refused for `reason`; returns the error. */
export async function rejects(promise: Promise<unknown>, reason: ErrorReason): Promise<AoError> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, AoError, `expected ${reason}, got ${String(error)}`);
    assert.is((error as AoError).reason, reason);
    return error as AoError;
  }
  return assert.unreachable(`expected ${reason}, but it was accepted`) as never;
}
