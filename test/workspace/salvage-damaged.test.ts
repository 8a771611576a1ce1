import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { git, workshop, write } from "./fixture.ts";
import { rejectsWith, SALVAGE, thereAndBack } from "./there-and-back.ts";

suite("salvage: worktrees that are not as ao left them", ({ test }) => {
  test("one that lost its .git, or has a repository of its own in its place", async () => {
    for (const isOwn of [false, true]) {
      using shop = workshop();
      await shop.workspaces.create(shop.place);
      const staged = () => git(shop.repository, "show", `${SALVAGE}^2:file.txt`);
      write(shop.path, "file.txt", "staged\n");
      git(shop.path, "add", "file.txt");
      write(shop.path, "new.txt", "x");
      rmSync(join(shop.path, ".git"));
      if (isOwn) {
        git(shop.path, "init", "--quiet");
        git(shop.path, "add", "--all");
      }
      await shop.workspaces.remove(shop.session);
      assert.not(existsSync(shop.path));
      assert.is(staged(), "staged");
      assert.is(git(shop.repository, "show", `${SALVAGE}:new.txt`), "x");
      const path = join(shop.base, "back");
      await shop.workspaces.restoreSalvage({ ...shop.place, ref: SALVAGE, path, branch: "back" });
      assert.is(existsSync(join(path, ".git-of-session/index")), isOwn);
    }
  });

  test("one that was deleted from inside: what was staged, and where its HEAD was", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    git(shop.path, "checkout", "--quiet", "--detach");
    const head = shop.commit("detached");
    write(shop.path, "file.txt", "staged\n");
    git(shop.path, "add", "file.txt");
    rmSync(shop.path, { recursive: true });
    await shop.workspaces.remove(shop.session);
    assert.is(git(shop.repository, "rev-parse", `${SALVAGE}^`), head);
    assert.is(git(shop.repository, "show", `${SALVAGE}:file.txt`), "staged");
    assert.is(shop.worktrees(), 1);
  });

  for (const detached of [false, true]) {
    test(`one whose HEAD a power failure emptied, ${detached ? "off" : "on"} its branch`, async () => {
      using shop = workshop();
      await shop.workspaces.create(shop.place);
      if (detached) git(shop.path, "checkout", "--quiet", "--detach");
      const head = shop.commit("work");
      write(shop.path, "file.txt", "staged\n");
      git(shop.path, "add", "file.txt");
      write(shop.path, "new.txt", "new");
      const record = git(shop.path, "rev-parse", "--absolute-git-dir");
      const damage = () => writeFileSync(join(record, "HEAD"), "");
      damage();
      await shop.workspaces.recreate(shop.place);
      assert.is(git(shop.path, "rev-parse", "HEAD"), head);
      assert.is(git(shop.path, "status", "--porcelain"), "M  file.txt\n?? new.txt");
      assert.is(git(shop.path, "branch", "--show-current"), detached ? "" : shop.place.branch);
      damage();
      await shop.workspaces.remove(shop.session);
      assert.is(git(shop.repository, "rev-parse", `${SALVAGE}^`), head);
      assert.is(git(shop.repository, "show", `${SALVAGE}^2:file.txt`), "staged");
      assert.is(git(shop.repository, "show", `${SALVAGE}:new.txt`), "new");
      assert.not(existsSync(shop.path));
    });
  }

  test("one that is made again keeps HEAD, reflog and what was staged", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    git(shop.path, "checkout", "--quiet", "--detach");
    const head = shop.commit("detached");
    write(shop.path, "file.txt", "staged\n");
    git(shop.path, "add", "file.txt");
    rmSync(shop.path, { recursive: true });
    await shop.workspaces.recreate(shop.place);
    assert.is(git(shop.path, "rev-parse", "HEAD"), head);
    assert.is(git(shop.path, "status", "--porcelain"), "M  file.txt");
  });

  test("a symbolic link to somewhere else is refused, and so is another session's worktree", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    const moved = join(shop.base, "moved");
    renameSync(shop.path, moved);
    symlinkSync(moved, shop.path);
    const attempt = () => shop.workspaces.remove(shop.session);
    await rejectsWith(attempt(), /symbolic link to ".*moved"/);
    assert.ok(existsSync(join(moved, "file.txt")));
    rmSync(shop.path);
    const other = { ...shop.place, branch: "theirs", path: join(shop.base, "theirs") };
    await shop.workspaces.create(other);
    cpSync(other.path, shop.path, { recursive: true });
    await rejectsWith(attempt(), /belongs at ".*theirs"/);
    assert.ok(existsSync(join(other.path, "file.txt")));
    rmSync(shop.path, { recursive: true });
    renameSync(moved, shop.path);
    await attempt();
    assert.not(existsSync(shop.path));
  });

  test("a repository that was moved: an error, nothing lost, and all well when it is back", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "new.txt", "x");
    renameSync(shop.repository, `${shop.repository}-moved`);
    await rejectsWith(shop.workspaces.remove(shop.session), /no such directory/);
    assert.ok(existsSync(join(shop.path, "new.txt")));
    renameSync(`${shop.repository}-moved`, shop.repository);
    assert.is((await shop.workspaces.remove(shop.session)).salvageRef, SALVAGE);
  });

  test("a repository that was moved, with a link in its old place: the link will do", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "new.txt", "x");
    renameSync(shop.repository, `${shop.repository}-moved`);
    symlinkSync(`${shop.repository}-moved`, shop.repository);
    assert.is((await shop.workspaces.remove(shop.session)).salvageRef, SALVAGE);
    assert.not(existsSync(shop.path));
    assert.is(shop.worktrees(), 1);
  });

  test("files and folders come back with the permissions they had, whatever the daemon's own umask", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    const usual = process.umask(0o022);
    write(shop.path, "folder/inner/plain.txt", "x");
    write(shop.path, "folder/run.sh", "#!/bin/sh\n");
    chmodSync(join(shop.path, "folder/run.sh"), 0o755);
    write(shop.path, "folder/secret", "x");
    chmodSync(join(shop.path, "folder/secret"), 0o600);
    mkdirSync(join(shop.path, "empty/inner"), { recursive: true });
    process.umask(0o077);
    try {
      const { at } = await thereAndBack(shop);
      const mode = (path: string) => (statSync(join(at, path)).mode & 0o777).toString(8);
      const files = ["folder/inner/plain.txt", "folder/run.sh", "folder/secret"];
      assert.equal(files.map(mode), ["644", "755", "600"]);
      assert.equal(["folder", "folder/inner", "empty", "empty/inner"].map(mode), Array(4).fill("755"));
    } finally {
      process.umask(usual);
    }
  });

  test("one somebody still writes to is left, and goes when that is over", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    const log = join(shop.path, "log.txt");
    write(shop.path, "log.txt", "");
    const writing = setInterval(() => appendFileSync(log, "line\n"), 1);
    await rejectsWith(shop.workspaces.remove(shop.session), /"log.txt" is still being written to/);
    clearInterval(writing);
    assert.ok(existsSync(log));
    assert.equal(await shop.workspaces.listSalvages(shop.repository), []);
    const { before, after } = await thereAndBack(shop);
    assert.equal(after.files, before.files);
  });

  test("one whose removal was interrupted needs no second salvage", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    for (const name of ["a", "b"]) write(shop.path, name, name);
    const [gitDir, copy, after] = [".git", ".git-copy", ".git-after"].map((name) =>
      join(shop.repository, name),
    );
    assert.ok(gitDir && copy && after);
    cpSync(shop.path, `${shop.path}-copy`, { recursive: true });
    cpSync(gitDir, copy, { recursive: true });
    await shop.workspaces.remove(shop.session);
    // The state a kill in the middle leaves: the ref, the record, the branch, some of the files.
    renameSync(`${shop.path}-copy`, shop.path);
    renameSync(gitDir, after);
    renameSync(copy, gitDir);
    git(shop.repository, "fetch", "--quiet", after, "refs/ao/*:refs/ao/*");
    rmSync(join(shop.path, "a"));
    assert.is((await shop.workspaces.remove(shop.session)).salvageRef, SALVAGE);
    assert.is((await shop.workspaces.listSalvages(shop.repository)).length, 1);
    assert.not(existsSync(shop.path));
  });
});
