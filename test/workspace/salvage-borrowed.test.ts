import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { git, workshop, write } from "./fixture.ts";
import { SALVAGE } from "./there-and-back.ts";

suite("salvage in a repository that borrows objects", ({ test }) => {
  test("holds by itself what the worktree held, whatever the owner of the objects deletes", async () => {
    using shop = workshop();
    const owner = shop.repository;
    git(owner, "checkout", "--quiet", "-b", "theirs");
    for (const name of ["one", "two", "ä b"]) write(owner, name, `${name} of theirs\n`);
    shop.commit("theirs", owner);
    git(owner, "checkout", "--quiet", "main");
    // Objects of packs are not written again by whoever borrows them.
    git(owner, "repack", "-adq");
    const repository = join(shop.base, "shared");
    git(shop.base, "clone", "--quiet", "--shared", "--branch", "main", "--single-branch", owner, repository);
    await shop.workspaces.create({ ...shop.place, repository });
    write(shop.path, "one", "one of theirs\n");
    shop.commit("took one");
    write(shop.path, "two", "two of theirs\n");
    git(shop.path, "add", "two");
    write(shop.path, "ä b", "ä b of theirs\n");
    const { salvageRef } = await shop.workspaces.remove({ ...shop.session, repository });
    assert.is(salvageRef, SALVAGE);
    git(owner, "branch", "--quiet", "-D", "theirs");
    git(owner, "reflog", "expire", "--expire=now", "--all");
    git(owner, "gc", "--quiet", "--prune=now");
    assert.is(git(repository, "fsck", "--strict", "--no-dangling"), "");
    for (const name of ["one", "two", "ä b"])
      assert.is(git(repository, "show", `${SALVAGE}:${name}`), `${name} of theirs`);
  });
});
