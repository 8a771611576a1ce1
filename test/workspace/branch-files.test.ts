import * as assert from "uvu/assert";
import { createBranchFiles } from "../../src/workspace/branch-files.ts";
import { suite } from "../support/suite.ts";
import { git, workshop } from "./fixture.ts";

suite("branches by git's own files", ({ test }) => {
  test("finds loose and packed ones, and sees what was packed, deleted and made since", async () => {
    using shop = workshop();
    const { repository } = shop.place;
    const branches = createBranchFiles();
    const has = (branch: string) => branches.has({ repository, branch });
    git(repository, "branch", "ao/shop-1");
    git(repository, "branch", "ao/shop-10");
    assert.equal([has("ao/shop-1"), has("ao/shop"), has("ao")], [true, false, false]);
    git(repository, "pack-refs", "--all");
    assert.equal([has("ao/shop-1"), has("shop-1"), has("ao/shop-100")], [true, false, false]);
    git(repository, "branch", "--delete", "--force", "ao/shop-1");
    assert.equal([has("ao/shop-1"), has("ao/shop-10")], [false, true]);
  });

  test("leaves it to git where a repository is laid out in another way", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    const worktree = { repository: shop.path, branch: "main" };
    assert.is(createBranchFiles().has(worktree), undefined);
    assert.is(await shop.workspaces.hasBranch(worktree), true);
  });
});
