import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { git, reasonOf, workshop, write } from "./fixture.ts";

suite("workspaces: inspect", ({ test }) => {
  test("finds the root and branch from the root, a folder, a linked worktree and the git directory", async () => {
    using shop = workshop();
    mkdirSync(join(shop.repository, "sub"));
    await shop.workspaces.create(shop.place);
    const expected = { root: shop.repository, currentBranch: "main" };
    for (const path of [
      shop.repository,
      join(shop.repository, "sub"),
      shop.path,
      join(shop.repository, ".git"),
    ])
      assert.equal(await shop.workspaces.inspect(path), expected, path);
  });

  test("has no branch to name when HEAD is detached", async () => {
    using shop = workshop();
    git(shop.repository, "checkout", "--quiet", "--detach");
    assert.is((await shop.workspaces.inspect(shop.repository)).currentBranch, "");
  });

  test("takes one with a branch that a power failure emptied, or whose commit it lost", async () => {
    using shop = workshop();
    const refs = join(shop.repository, ".git/refs/heads");
    write(refs, "ao/demo-7", "");
    write(refs, "ao/demo-8", `${"1".repeat(40)}\n`);
    assert.equal(await shop.workspaces.inspect(shop.repository), {
      root: shop.repository,
      currentBranch: "main",
    });
    git(shop.repository, "symbolic-ref", "HEAD", "refs/heads/unborn");
    assert.is((await shop.workspaces.inspect(shop.repository)).root, shop.repository);
  });

  test("takes a bare repository", async () => {
    using shop = workshop();
    const bare = join(shop.base, "bare.git");
    git(shop.base, "clone", "--quiet", "--bare", shop.repository, bare);
    assert.equal(await shop.workspaces.inspect(bare), { root: bare, currentBranch: "main" });
  });

  test("says what is wrong with a path", async () => {
    using shop = workshop();
    const { inspect } = shop.workspaces;
    using elsewhere = tempDir();
    assert.is(await reasonOf(inspect(join(shop.base, "missing"))), "PATH_NOT_FOUND");
    assert.is(await reasonOf(inspect(join(shop.repository, "file.txt"))), "PATH_NOT_FOUND");
    assert.is(await reasonOf(inspect(elsewhere.path)), "NOT_A_REPOSITORY");
    git(elsewhere.path, "init", "--quiet");
    assert.is(await reasonOf(inspect(elsewhere.path)), "REPOSITORY_EMPTY");
  });
});

suite("workspaces: branches", ({ test }) => {
  test("tells whether a branch is there, also without the worktree or the repository", async () => {
    using shop = workshop();
    const { branch, repository } = shop.place;
    assert.is(await shop.workspaces.hasBranch(shop.place), false);
    await shop.workspaces.create(shop.place);
    rmSync(shop.path, { recursive: true });
    assert.is(await shop.workspaces.hasBranch(shop.place), true);
    git(repository, "worktree", "prune");
    git(repository, "branch", "--delete", "--force", branch);
    assert.is(await shop.workspaces.hasBranch(shop.place), false);
    rmSync(repository, { recursive: true });
    assert.is(await shop.workspaces.hasBranch(shop.place), false);
  });
});

suite("workspaces: check", ({ test }) => {
  test("resolves the base and writes nothing", async () => {
    using shop = workshop();
    const before = git(shop.repository, "for-each-ref");
    const found = await shop.workspaces.check({ ...shop.place, baseRef: "main" });
    assert.equal(found, { baseCommit: shop.place.baseCommit });
    assert.is(git(shop.repository, "for-each-ref"), before);
    assert.not(existsSync(shop.path));
  });

  const bad = ["-x", "--force", "", "a..b", "a b", "a~1", "HEAD", "@{-1}", "a/", "/a", "a.lock", "a\nb"];
  for (const branch of bad)
    test(`refuses the branch ${JSON.stringify(branch)}`, async () => {
      using shop = workshop();
      const attempt = shop.workspaces.check({ ...shop.place, branch, baseRef: "main" });
      assert.is(await reasonOf(attempt), "INVALID_FIELD");
    });

  const bases: [string, string][] = [
    ["--all", "INVALID_FIELD"],
    ["-n1", "INVALID_FIELD"],
    ["", "INVALID_FIELD"],
    ["missing", "REF_NOT_FOUND"],
    ["main:file.txt", "REF_NOT_FOUND"],
    ["main main", "REF_NOT_FOUND"],
  ];
  for (const [baseRef, reason] of bases)
    test(`refuses the base ${JSON.stringify(baseRef)}`, async () => {
      using shop = workshop();
      assert.is(await reasonOf(shop.workspaces.check({ ...shop.place, baseRef })), reason);
    });

  test("refuses a branch that exists, is a folder of others, or lies below one", async () => {
    using shop = workshop();
    git(shop.repository, "branch", "ao/demo-1/deep");
    git(shop.repository, "branch", "taken");
    for (const branch of ["main", "taken", "taken/below", "ao/demo-1", "ao"]) {
      const attempt = shop.workspaces.check({ ...shop.place, branch, baseRef: "main" });
      assert.is(await reasonOf(attempt), "BRANCH_IN_USE", branch);
    }
    const similar = shop.workspaces.check({ ...shop.place, branch: "take", baseRef: "main" });
    assert.is(await reasonOf(similar), "nothing thrown");
  });

  test("refuses a path that holds something", async () => {
    using shop = workshop();
    write(shop.path, "mine.txt", "mine");
    assert.is(await reasonOf(shop.workspaces.check({ ...shop.place, baseRef: "main" })), "INVALID_FIELD");
  });
});

suite("workspaces: create", ({ test }) => {
  test("makes branch and worktree, and writes nothing else into the repository", async () => {
    using shop = workshop();
    const exclude = join(shop.repository, ".git/info/exclude");
    const [config, excluded] = [
      git(shop.repository, "config", "--local", "--list"),
      readFileSync(exclude, "utf8"),
    ];
    await shop.workspaces.create(shop.place);
    assert.is(git(shop.path, "symbolic-ref", "--short", "HEAD"), "ao/demo-1");
    assert.is(git(shop.path, "rev-parse", "HEAD"), shop.place.baseCommit);
    assert.is(readFileSync(join(shop.path, "file.txt"), "utf8"), "one\n");
    assert.equal(await shop.workspaces.changes(shop.path), []);
    assert.is(git(shop.repository, "config", "--local", "--list"), config);
    assert.is(readFileSync(exclude, "utf8"), excluded);
    assert.is(git(shop.repository, "status", "--porcelain"), "");
  });

  test("runs no hook of the repository", async () => {
    using shop = workshop();
    const hooks = join(shop.repository, ".git/hooks");
    for (const name of ["post-checkout", "reference-transaction", "pre-commit", "post-index-change"]) {
      write(hooks, name, `#!/bin/sh\ntouch ${shop.base}/ran-${name}\n`);
      chmodSync(join(hooks, name), 0o755);
    }
    git(shop.repository, "config", "core.fsmonitor", join(hooks, "post-checkout"));
    await shop.workspaces.create(shop.place);
    write(shop.path, "new.txt", "x");
    await shop.workspaces.remove(shop.session);
    for (const name of ["post-checkout", "reference-transaction", "pre-commit", "post-index-change"])
      assert.not(existsSync(join(shop.base, `ran-${name}`)), name);
  });

  test("leaves nothing behind when it fails", async () => {
    using shop = workshop();
    const before = git(shop.repository, "for-each-ref");
    write(shop.path, "mine.txt", "mine");
    assert.is(await reasonOf(shop.workspaces.create(shop.place)), "WORKSPACE_FAILED");
    assert.is(git(shop.repository, "for-each-ref"), before);
    assert.is(shop.worktrees(), 1);
    assert.is(readFileSync(join(shop.path, "mine.txt"), "utf8"), "mine");
  });

  test("never takes over a branch that exists", async () => {
    using shop = workshop();
    git(shop.repository, "branch", shop.place.branch);
    assert.is(await reasonOf(shop.workspaces.create(shop.place)), "BRANCH_IN_USE");
    assert.ok(shop.branches().includes(shop.place.branch));
  });

  test("makes many at once in one repository", async () => {
    using shop = workshop();
    const places = Array.from({ length: 8 }, (_, n) => ({
      ...shop.place,
      branch: `ao/many-${n}`,
      path: join(shop.base, "many", `${n}`),
    }));
    await Promise.all(places.map((place) => shop.workspaces.create(place)));
    assert.is(shop.worktrees(), 9);
  });
});

suite("workspaces: recreate and changes", ({ test }) => {
  test("makes a worktree again that was deleted by hand, with its commits", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    const tip = shop.commit("work");
    rmSync(shop.path, { recursive: true });
    await shop.workspaces.recreate(shop.place);
    assert.is(git(shop.path, "rev-parse", "HEAD"), tip);
    assert.is(git(shop.path, "symbolic-ref", "--short", "HEAD"), "ao/demo-1");
  });

  test("makes the branch too when it is gone", async () => {
    using shop = workshop();
    await shop.workspaces.recreate(shop.place);
    assert.is(git(shop.path, "rev-parse", "HEAD"), shop.place.baseCommit);
  });

  test("does nothing to a worktree that is there", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "new.txt", "x");
    await shop.workspaces.recreate(shop.place);
    assert.equal(await shop.workspaces.changes(shop.path), ["?? new.txt"]);
  });

  test("says where the branch is in use, and touches nothing that is not a worktree", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    git(shop.repository, "worktree", "remove", shop.path);
    git(shop.repository, "checkout", "--quiet", shop.place.branch);
    assert.is(await reasonOf(shop.workspaces.recreate(shop.place)), "BRANCH_IN_USE");
    write(shop.path, "mine.txt", "mine");
    assert.is(await reasonOf(shop.workspaces.recreate(shop.place)), "WORKSPACE_FAILED");
    assert.is(readFileSync(join(shop.path, "mine.txt"), "utf8"), "mine");
  });

  test("lists changes whatever the user's settings, and none of what is gone", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    git(shop.repository, "config", "status.showUntrackedFiles", "no");
    write(shop.path, "file.txt", "two\n");
    write(shop.path, "new/deep.txt", "x");
    write(shop.path, "ignored/x", "x");
    assert.equal(await shop.workspaces.changes(shop.path), [" M file.txt", "?? new/deep.txt"]);
    assert.equal(await shop.workspaces.changes(join(shop.base, "missing")), []);
  });
});

suite("workspaces: a worktree that was moved", ({ test }) => {
  test("is followed, with what is staged, and pruning leaves its record", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "staged.txt", "staged\n");
    git(shop.path, "add", "staged.txt");
    const to = join(shop.base, "elsewhere");
    renameSync(shop.path, to);
    const move = { repository: shop.repository, from: shop.path, to };
    assert.is(await shop.workspaces.follow(move), true);
    git(shop.repository, "worktree", "prune", "--expire=now");
    assert.is(git(to, "status", "--porcelain"), "A  staged.txt");
    await shop.workspaces.recreate({ ...shop.place, path: to });
    assert.not(existsSync(shop.path));
  });

  test("is the session's also where its record was pruned", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "draft.txt", "draft\n");
    const to = join(shop.base, "elsewhere");
    renameSync(shop.path, to);
    git(shop.repository, "worktree", "prune", "--expire=now");
    assert.is(await shop.workspaces.follow({ repository: shop.repository, from: shop.path, to }), true);
    const { salvageRef } = await shop.workspaces.remove({ ...shop.session, path: to });
    assert.is(git(shop.repository, "show", `${salvageRef}:draft.txt`), "draft");
  });

  test("is not what stands at both places, at none, or is another's", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    const to = join(shop.base, "elsewhere");
    const move = { repository: shop.repository, from: shop.path, to };
    assert.is(await shop.workspaces.follow(move), false);
    write(to, "file.txt", "somebody's\n");
    assert.is(await shop.workspaces.follow(move), false);
    rmSync(shop.path, { recursive: true });
    assert.is(await shop.workspaces.follow(move), false);
  });
});
