import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { git, workshop, write } from "./fixture.ts";
import { SALVAGE, type Shop, thereAndBack } from "./there-and-back.ts";

suite("salvage: commits that stand nowhere else", ({ test }) => {
  const isIn = (shop: Shop, commit: string) =>
    git(shop.repository, "rev-list", SALVAGE).split("\n").includes(commit);

  test("those amended, reset, or left behind by a detached HEAD", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    const reset = shop.commit("reset later");
    git(shop.path, "reset", "--quiet", "--hard", "main");
    const first = shop.commit("first try");
    git(shop.path, "commit", "--quiet", "--allow-empty", "--amend", "-m", "second try");
    git(shop.path, "checkout", "--quiet", "--detach");
    const detached = shop.commit("detached");
    git(shop.path, "checkout", "--quiet", "main^{commit}");
    const removal = await shop.workspaces.remove(shop.session);
    assert.is(removal.salvageRef, SALVAGE);
    for (const commit of [reset, first, detached]) assert.ok(isIn(shop, commit), commit);
    const [found] = await shop.workspaces.listSalvages(shop.repository);
    assert.is(found?.commitCount, 4);
  });

  test("none for a branch made inside, which stays, nor for a stash, which is the repository's", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    git(shop.path, "checkout", "--quiet", "-b", "feature");
    shop.commit("on feature");
    write(shop.path, "file.txt", "stashed\n");
    git(shop.path, "stash", "push", "--quiet");
    assert.equal(await shop.workspaces.remove(shop.session), { salvageRef: undefined });
    assert.equal(shop.branches(), ["feature", "main"]);
    assert.is(git(shop.repository, "show", "stash@{0}:file.txt"), "stashed");
  });

  test("a rebase under way: its commits, its list, its branch", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "file.txt", "mine\n");
    const tip = shop.commit("mine");
    write(shop.repository, "file.txt", "theirs\n");
    shop.commit("theirs", shop.repository);
    assert.throws(() => git(shop.path, "rebase", "main"));
    await shop.workspaces.remove(shop.session);
    assert.ok(isIn(shop, tip));
    const [found] = await shop.workspaces.listSalvages(shop.repository);
    assert.is(found?.operation, "rebase");
    const names = git(shop.repository, "ls-tree", "-r", "--name-only", `${SALVAGE}^2`);
    assert.match(names, "git/rebase-merge/done");
  });

  test("of a submodule: files, and commits that were not pushed, though git calls it clean", async () => {
    using shop = workshop();
    const library = join(shop.base, "library");
    git(shop.base, "clone", "--quiet", shop.repository, library);
    git(shop.repository, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", library, "sub");
    const baseCommit = shop.commit("with a submodule", shop.repository);
    const session = { ...shop.session, baseCommit };
    await shop.workspaces.create({ ...shop.place, baseCommit });
    const update = ["-c", "protocol.file.allow=always", "submodule", "update", "--quiet", "--init"];
    assert.equal(await shop.workspaces.remove(session), { salvageRef: undefined }, "not checked out");
    await shop.workspaces.create({ ...shop.place, baseCommit });
    git(shop.path, ...update);
    assert.equal(await shop.workspaces.remove(session), { salvageRef: undefined }, "just checked out");
    await shop.workspaces.create({ ...shop.place, baseCommit });
    git(shop.path, ...update);
    const sub = join(shop.path, "sub");
    const lost = shop.commit("not pushed", sub);
    git(sub, "checkout", "--quiet", "HEAD^");
    write(sub, "file.txt", "work in the submodule\n");
    const { at } = await thereAndBack({ ...shop, session });
    assert.is(readFileSync(join(at, "sub/file.txt"), "utf8"), "work in the submodule\n");
    assert.is(git(join(at, "sub"), "cat-file", "-t", lost), "commit");
    assert.is(git(join(at, "sub"), "status", "--porcelain"), " M file.txt");
  });

  test("of a worktree inside the worktree", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    const inner = join(shop.path, "inner");
    git(shop.path, "worktree", "add", "--quiet", "--detach", inner);
    const lost = shop.commit("inner", inner);
    write(inner, "new.txt", "x");
    await shop.workspaces.remove(shop.session);
    assert.ok(isIn(shop, lost));
    assert.is(git(shop.repository, "show", `${SALVAGE}:inner/new.txt`), "x");
  });
});
