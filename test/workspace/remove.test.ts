import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { git, reasonOf, workshop, write } from "./fixture.ts";

const SALVAGE = "refs/ao/salvage/demo-1";
type Shop = ReturnType<typeof workshop>;

function salvages(shop: Shop): string[] {
  return git(shop.repository, "for-each-ref", "--format=%(refname)", "refs/ao").split("\n").filter(Boolean);
}

/** Contents of a file in a commit. */
function contents(shop: Shop, commit: string, path: string): string {
  const args = ["-C", shop.repository, "show", `${commit}:${path}`];
  return execFileSync("git", args, { stdio: ["ignore", "pipe", "pipe"] }).toString("latin1");
}

function assertGone(shop: Shop): void {
  assert.not(existsSync(shop.path));
  assert.is(shop.worktrees(), 1);
  assert.is(git(shop.repository, "status", "--porcelain"), "");
}

suite("workspaces: remove what is safe", ({ test }) => {
  test("a clean worktree without commits goes, with its branch", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    assert.equal(await shop.workspaces.remove(shop.session), { salvageRef: undefined });
    assertGone(shop);
    assert.equal(shop.branches(), ["main"]);
    assert.equal(salvages(shop), []);
  });

  test("a merged branch goes without a salvage", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "new.txt", "x");
    shop.commit("work");
    git(shop.repository, "merge", "--quiet", "--no-ff", "--no-edit", "ao/demo-1");
    assert.equal(await shop.workspaces.remove(shop.session), { salvageRef: undefined });
    assertGone(shop);
    assert.equal(shop.branches(), ["main"]);
  });

  test("a pushed branch goes without a salvage, and with what push noted of it", async () => {
    using shop = workshop();
    const remote = join(shop.base, "remote.git");
    git(shop.base, "clone", "--quiet", "--bare", shop.repository, remote);
    git(shop.repository, "remote", "add", "origin", remote);
    await shop.workspaces.create(shop.place);
    write(shop.path, "new.txt", "x");
    shop.commit("work");
    git(shop.path, "push", "--quiet", "-u", "origin", "ao/demo-1");
    assert.equal(await shop.workspaces.remove(shop.session), { salvageRef: undefined });
    assert.equal(shop.branches(), ["main"]);
    assert.not.match(git(shop.repository, "config", "--local", "--list"), "branch.ao/demo-1");
  });

  test("is idempotent", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    await shop.workspaces.remove(shop.session);
    assert.equal(await shop.workspaces.remove(shop.session), { salvageRef: undefined });
  });

  test("folders without write permission are no obstacle", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "ignored/cache/x", "x");
    chmodSync(join(shop.path, "ignored/cache"), 0o500);
    await shop.workspaces.remove(shop.session);
    assertGone(shop);
  });
});

suite("workspaces: remove saves work", ({ test }) => {
  test("uncommitted, staged, untracked and binary files, and deletions", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    const binary = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    write(shop.path, "file.txt", "two\n");
    write(shop.path, "new dir/untracked 'file'.bin", binary);
    write(shop.path, "-dash.txt", "dash");
    write(shop.path, "staged.txt", "staged");
    write(shop.path, "ignored/.env", "secret");
    git(shop.path, "add", "staged.txt");
    git(shop.path, "rm", "--quiet", ".gitignore");
    git(shop.path, "checkout", "--quiet", "HEAD", "--", ".gitignore");
    assert.equal(await shop.workspaces.remove(shop.session), { salvageRef: SALVAGE });
    assertGone(shop);
    assert.equal(shop.branches(), ["main"]);
    assert.is(contents(shop, SALVAGE, "file.txt"), "two\n");
    assert.is(contents(shop, SALVAGE, "new dir/untracked 'file'.bin"), binary.toString("latin1"));
    assert.is(contents(shop, SALVAGE, "-dash.txt"), "dash");
    assert.is(contents(shop, SALVAGE, "staged.txt"), "staged");
    assert.is(contents(shop, SALVAGE, "ignored/.env"), "secret");
    assert.is(git(shop.repository, "rev-parse", `${SALVAGE}^`), shop.place.baseCommit);
    assert.is(git(shop.repository, "fsck", "--strict", "--no-dangling"), "");
  });

  test("what was staged and then changed again, like a stash", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "file.txt", "staged\n");
    git(shop.path, "add", "file.txt");
    write(shop.path, "file.txt", "later\n");
    await shop.workspaces.remove(shop.session);
    assert.is(contents(shop, SALVAGE, "file.txt"), "later\n");
    assert.is(contents(shop, `${SALVAGE}^2`, "file.txt"), "staged\n");
  });

  test("unmerged commits of a clean worktree", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "new.txt", "x");
    const tip = shop.commit("work");
    assert.equal(await shop.workspaces.remove(shop.session), { salvageRef: SALVAGE });
    assertGone(shop);
    assert.equal(shop.branches(), ["main"]);
    assert.is(git(shop.repository, "rev-parse", `${SALVAGE}^`), tip);
  });

  test("unmerged commits and uncommitted files together", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    const tip = shop.commit("work");
    write(shop.path, "new.txt", "x");
    await shop.workspaces.remove(shop.session);
    assert.is(git(shop.repository, "rev-parse", `${SALVAGE}^`), tip);
    assert.is(contents(shop, SALVAGE, "new.txt"), "x");
  });

  test("commits of a worktree that was deleted by hand, forgetting only its own record", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    const other = { ...shop.place, branch: "theirs", path: join(shop.base, "theirs") };
    await shop.workspaces.create(other);
    const tip = shop.commit("work");
    rmSync(shop.path, { recursive: true });
    rmSync(other.path, { recursive: true });
    assert.equal(await shop.workspaces.remove(shop.session), { salvageRef: SALVAGE });
    assert.is(git(shop.repository, "rev-parse", `${SALVAGE}^`), tip);
    assert.is(shop.worktrees(), 2);
    assert.equal(shop.branches(), ["main", "theirs"]);
  });

  test("commits on a detached HEAD in the middle of a rebase, and the branch as it was", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "file.txt", "mine\n");
    const tip = shop.commit("mine");
    git(shop.path, "checkout", "--quiet", "--detach", "main");
    write(shop.path, "detached.txt", "x");
    const head = shop.commit("detached");
    write(shop.path, "loose.txt", "x");
    await shop.workspaces.remove(shop.session);
    assert.is(git(shop.repository, "rev-parse", `${SALVAGE}^`), head);
    assert.is(git(shop.repository, "rev-list", "--count", SALVAGE, `^${tip}`, `^${head}`), "2");
    assert.is(contents(shop, SALVAGE, "loose.txt"), "x");
  });

  test("files in the middle of a conflict", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "file.txt", "mine\n");
    shop.commit("mine");
    write(shop.repository, "file.txt", "theirs\n");
    shop.commit("theirs", shop.repository);
    assert.throws(() => git(shop.path, "merge", "main"));
    await shop.workspaces.remove(shop.session);
    assert.match(contents(shop, SALVAGE, "file.txt"), "<<<<<<<");
    assertGone(shop);
  });

  test("files of a worktree whose record the repository lost", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "new.txt", "x");
    rmSync(join(shop.repository, ".git/worktrees"), { recursive: true });
    assert.equal(await shop.workspaces.remove(shop.session), { salvageRef: SALVAGE });
    assert.is(contents(shop, SALVAGE, "new.txt"), "x");
    assert.not(existsSync(shop.path));
  });

  test("files of a worktree whose git command was killed and left its lock", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "new.txt", "x");
    write(git(shop.path, "rev-parse", "--absolute-git-dir"), "index.lock", "");
    assert.equal(await shop.workspaces.changes(shop.path), ["?? new.txt"]);
    await shop.workspaces.remove(shop.session);
    assert.is(contents(shop, SALVAGE, "new.txt"), "x");
    assertGone(shop);
  });

  test("under the next name where a git that was killed left its lock on the ref", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "new.txt", "x");
    write(join(shop.repository, ".git/refs/ao/salvage"), "demo-1.lock", "");
    assert.equal(await shop.workspaces.remove(shop.session), { salvageRef: `${SALVAGE}-2` });
    assertGone(shop);
  });

  test("never over an earlier salvage", async () => {
    using shop = workshop();
    for (const round of ["one", "two", "three"]) {
      await shop.workspaces.create(shop.place);
      write(shop.path, "new.txt", round);
      await shop.workspaces.remove(shop.session);
    }
    assert.equal(salvages(shop), [SALVAGE, `${SALVAGE}-2`, `${SALVAGE}-3`]);
    assert.is(contents(shop, SALVAGE, "new.txt"), "one");
    assert.is(contents(shop, `${SALVAGE}-3`, "new.txt"), "three");
  });
});

suite("workspaces: remove refuses rather than loses", ({ test }) => {
  test("a directory that is not the worktree, or is somebody's repository", async () => {
    using shop = workshop();
    write(shop.path, "mine.txt", "mine");
    assert.is(await reasonOf(shop.workspaces.remove(shop.session)), "WORKSPACE_FAILED");
    const own = { ...shop.session, path: shop.repository };
    assert.is(await reasonOf(shop.workspaces.remove(own)), "WORKSPACE_FAILED");
    assert.ok(existsSync(join(shop.path, "mine.txt")));
    assert.ok(existsSync(join(shop.repository, "file.txt")));
  });

  test("a worktree somebody locked", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    git(shop.repository, "worktree", "lock", shop.path);
    assert.is(await reasonOf(shop.workspaces.remove(shop.session)), "WORKSPACE_FAILED");
    assert.ok(existsSync(join(shop.path, "file.txt")));
    git(shop.repository, "worktree", "unlock", shop.path);
    await shop.workspaces.remove(shop.session);
    assertGone(shop);
  });

  test("a branch checked out elsewhere is kept, and said", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    git(shop.path, "checkout", "--quiet", "--detach");
    git(shop.repository, "checkout", "--quiet", shop.place.branch);
    assert.equal(await shop.workspaces.remove(shop.session), {
      salvageRef: undefined,
      keptBranch: "ao/demo-1",
    });
    assert.ok(shop.branches().includes("ao/demo-1"));
  });

  for (const lock of ["refs/heads/ao/demo-1.lock", "packed-refs.lock"])
    test(`a branch that a killed git left locked (${lock}) is kept, and said; all else goes`, async () => {
      using shop = workshop();
      await shop.workspaces.create(shop.place);
      write(shop.path, "new.txt", "x");
      git(shop.repository, "pack-refs", "--all");
      write(join(shop.repository, ".git"), lock, "");
      assert.equal(await shop.workspaces.remove(shop.session), {
        salvageRef: SALVAGE,
        keptBranch: "ao/demo-1",
      });
      assertGone(shop);
      assert.ok(shop.branches().includes("ao/demo-1"));
      rmSync(join(shop.repository, ".git", lock));
      assert.equal(
        await shop.workspaces.remove(shop.session),
        { salvageRef: undefined },
        "again, without it",
      );
      assert.equal(shop.branches(), ["main"]);
    });

  test("an id or a branch that is none", async () => {
    using shop = workshop();
    const { remove } = shop.workspaces;
    assert.is(await reasonOf(remove({ ...shop.session, sessionId: "../x" })), "INVALID_FIELD");
    assert.is(await reasonOf(remove({ ...shop.session, branch: "-D" })), "INVALID_FIELD");
  });
});
