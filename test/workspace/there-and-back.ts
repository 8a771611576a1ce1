import { existsSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { git, type workshop } from "./fixture.ts";
import { statusModel, treeModel } from "./tree-model.ts";

/** A workshop as tests of salvages take it. */
export type Shop = ReturnType<typeof workshop>;

/** Ref of the first salvage of the workshop's session. */
export const SALVAGE = "refs/ao/salvage/demo-1";

/** Removes the worktree, restores its salvage elsewhere, and says what the two held. */
export async function thereAndBack(shop: Shop) {
  const before = { files: treeModel(shop.path), status: statusModel(shop.path) };
  const removal = await shop.workspaces.remove(shop.session);
  assert.not(existsSync(shop.path));
  assert.is(removal.salvageRef, SALVAGE);
  assert.is(git(shop.repository, "fsck", "--strict", "--no-dangling"), "");
  const at = join(shop.base, "back");
  const restored = await shop.workspaces.restoreSalvage({
    ...{ repository: shop.repository, ref: SALVAGE, path: at, branch: "back" },
  });
  return { before, removal, restored, at, after: { files: treeModel(at), status: statusModel(at) } };
}

/** Asserts that an attempt is refused with a text that matches. */
export async function rejectsWith(attempt: Promise<unknown>, pattern: RegExp): Promise<void> {
  const message = await attempt.then(
    () => "nothing thrown",
    (error: Error) => error.message,
  );
  assert.match(message, pattern);
}
