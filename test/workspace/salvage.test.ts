import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { git, workshop, write } from "./fixture.ts";
import { statusModel, treeModel } from "./tree-model.ts";

type Shop = ReturnType<typeof workshop>;

const SALVAGE = "refs/ao/salvage/demo-1";

/** Removes the worktree, restores its salvage elsewhere, and says what the two held. */
async function thereAndBack(shop: Shop) {
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

/** Dirties a worktree; all of it must come back, and git must say the same of it. */
const CASES: Record<string, (shop: Shop) => void | Promise<void>> = {
  "modified, staged, staged and changed again, untracked, deleted, executable and ignored files"(shop) {
    write(shop.path, "file.txt", "staged\n");
    write(shop.path, "added.txt", "added\n");
    git(shop.path, "add", "--all");
    write(shop.path, "file.txt", "later\n");
    write(shop.path, "untracked/deep.txt", "x");
    write(shop.path, "run.sh", "#!/bin/sh\n");
    chmodSync(join(shop.path, "run.sh"), 0o700);
    write(shop.path, "ignored/.env", "TOKEN=1");
    rmSync(join(shop.path, ".gitignore"));
    mkdirSync(join(shop.path, "empty/inner"), { recursive: true });
  },
  "names with newlines, quotes, backslashes, other bytes than UTF-8, and dashes"(shop) {
    for (const name of ["a\nb", 'quo"te', "back\\slash", "-rf", "tab\t", " ", "git~1", "ünï", ".gitx", "con"])
      write(shop.path, `odd/${name}`, name);
    writeFileSync(Buffer.concat([Buffer.from(`${shop.path}/`), Buffer.from([0xff, 0xfe, 0x80])]), "raw");
    git(shop.path, "add", "--", "odd/a\nb");
  },
  "bytes that a clean filter would take away"(shop) {
    git(shop.repository, "config", "filter.hide.clean", "sed /secret/d");
    write(shop.path, ".gitattributes", "*.txt filter=hide\n*.bin text\n");
    shop.commit("attributes");
    write(shop.path, "file.txt", "one\nsecret\n");
    write(shop.path, "new.txt", "secret\n");
    write(shop.path, "crlf.bin", "a\r\nb\nc\r\n");
  },
  "bytes whose filter fails"(shop) {
    git(shop.repository, "config", "filter.broken.clean", "false");
    git(shop.repository, "config", "filter.broken.required", "true");
    write(shop.path, ".gitattributes", "*.bin filter=broken\n");
    write(shop.path, "a.bin", "x");
  },
  "files that git was told to pass over"(shop) {
    write(shop.path, "second.txt", "two\n");
    shop.commit("second");
    git(shop.path, "update-index", "--assume-unchanged", "file.txt");
    git(shop.path, "update-index", "--skip-worktree", "second.txt");
    write(shop.path, "file.txt", "hidden work\n");
    write(shop.path, "second.txt", "hidden too\n");
  },
  "links, files for folders and folders for files"(shop) {
    write(shop.path, "folder/inside.txt", "x");
    symlinkSync("file.txt", join(shop.path, "link"));
    shop.commit("more");
    rmSync(join(shop.path, "folder"), { recursive: true });
    write(shop.path, "folder", "a file now");
    rmSync(join(shop.path, "file.txt"));
    write(shop.path, "file.txt/inside", "a folder now");
    rmSync(join(shop.path, "link"));
    symlinkSync("/etc/passwd", join(shop.path, "link"));
    symlinkSync("nowhere", join(shop.path, "dangling"));
    symlinkSync("folder", join(shop.path, "link2"));
  },
  "a rename of case alone, and one file by two names"(shop) {
    renameSync(join(shop.path, "file.txt"), join(shop.path, "FILE.txt"));
    write(shop.path, "one", "linked");
    linkSync(join(shop.path, "one"), join(shop.path, "two"));
  },
  "repositories inside, with their commits, also where git ignores them"(shop) {
    for (const name of ["inner", "ignored/inner"]) {
      const inner = join(shop.path, name);
      mkdirSync(inner, { recursive: true });
      git(inner, "init", "--quiet", "--initial-branch=main");
      write(inner, "work.txt", "committed");
      shop.commit("inner", inner);
      write(inner, "work.txt", "changed");
    }
  },
  "a merge in conflict"(shop) {
    write(shop.path, "file.txt", "mine\n");
    write(shop.path, "both.txt", "mine\n");
    shop.commit("mine");
    write(shop.repository, "file.txt", "theirs\n");
    write(shop.repository, "both.txt", "theirs\n");
    shop.commit("theirs", shop.repository);
    assert.throws(() => git(shop.path, "merge", "main"));
    write(shop.path, "file.txt", "half resolved\n");
  },
  "a large file, and many small ones"(shop) {
    const large = Buffer.alloc(9 * 1024 * 1024);
    for (let at = 0; at < large.length; at += 4) large.writeUInt32LE((at * 2654435761) >>> 0, at);
    write(shop.path, "large.bin", large);
    for (let n = 0; n < 300; n++) write(shop.path, `many/${n}`, `${n}`);
  },
  "what stands beside a FIFO and a socket"(shop) {
    execFileSync("mkfifo", [join(shop.path, "pipe")]);
    write(shop.path, "near.txt", "x");
    const server = createServer().listen(join(shop.base, "s"));
    return new Promise((resolve) =>
      server.once("listening", () => {
        execFileSync("ln", [join(shop.base, "s"), join(shop.path, "socket")]);
        server.close(() => resolve());
      }),
    );
  },
  "a split index and a lock that was left over"(shop) {
    git(shop.path, "update-index", "--split-index");
    write(shop.path, "split.txt", "x");
    git(shop.path, "add", "split.txt");
    write(git(shop.path, "rev-parse", "--absolute-git-dir"), "index.lock", "");
  },
  "a file that was only announced"(shop) {
    write(shop.path, "later.txt", "x");
    git(shop.path, "add", "--intent-to-add", "later.txt");
  },
  "files nobody may read"(shop) {
    write(shop.path, "closed.txt", "x");
    write(shop.path, "shut/inside.txt", "y");
    chmodSync(join(shop.path, "closed.txt"), 0o000);
    chmodSync(join(shop.path, "shut"), 0o500);
  },
};

suite("salvage: all comes back, byte for byte, staged as it was", ({ test }) => {
  for (const [name, prepare] of Object.entries(CASES))
    test(name, async () => {
      using shop = workshop();
      await shop.workspaces.create(shop.place);
      await prepare(shop);
      const { before, after } = await thereAndBack(shop);
      assert.equal(after.files, before.files);
      // "u" and "1" lines carry modes and ids: the index is the same, entry by entry.
      assert.is(after.status, before.status);
    });

  test("in a repository with SHA-256 ids, and one that signs commits and names nobody", async () => {
    using shop = workshop("repo", ["--object-format=sha256"]);
    git(shop.repository, "config", "commit.gpgSign", "true");
    git(shop.repository, "config", "gpg.program", "/bin/false");
    await shop.workspaces.create(shop.place);
    write(shop.path, "file.txt", "two\n");
    write(shop.path, "new.txt", "x");
    git(shop.path, "add", "new.txt");
    const { before, after } = await thereAndBack(shop);
    assert.equal(after, before);
  });

  test("line ends and filters of a checkout are no work; what differs from a checkout is", async () => {
    using shop = workshop();
    git(shop.repository, "config", "core.autocrlf", "true");
    git(shop.repository, "config", "filter.rot.clean", "tr a-z b-za");
    git(shop.repository, "config", "filter.rot.smudge", "tr b-za a-z");
    write(shop.repository, ".gitattributes", "*.rot filter=rot\n");
    write(shop.repository, "x.rot", "filtered");
    write(shop.repository, "lines.txt", "one\ntwo\n");
    const baseCommit = shop.commit("attributes", shop.repository);
    const place = { ...shop.place, baseCommit };
    await shop.workspaces.create(place);
    assert.is(readFileSync(join(shop.path, "file.txt"), "latin1"), "one\r\n");
    assert.equal(await shop.workspaces.remove({ ...shop.session, baseCommit }), { salvageRef: undefined });
    await shop.workspaces.create(place);
    // git's status calls that clean, because its filter makes the same of it.
    write(shop.path, "lines.txt", "one\r\ntwo\n");
    const { before, after } = await thereAndBack({ ...shop, session: { ...shop.session, baseCommit } });
    assert.equal(after.files, before.files);
  });

  test("a sparse checkout lacks files, which is no work", async () => {
    using shop = workshop();
    write(shop.repository, "wide/a.txt", "x");
    const baseCommit = shop.commit("wide", shop.repository);
    await shop.workspaces.create({ ...shop.place, baseCommit });
    git(shop.path, "sparse-checkout", "set", "--no-cone", "/*", "!wide");
    assert.not(existsSync(join(shop.path, "wide")));
    assert.equal(await shop.workspaces.remove({ ...shop.session, baseCommit }), { salvageRef: undefined });
  });
});

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

suite("salvage: what is left out, and said", ({ test }) => {
  test("folders that tools make again, where git ignores them", async () => {
    using shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, ".gitignore", "node_modules\nignored/\ntarget/\n");
    write(shop.path, "node_modules/x/index.js", "x");
    write(shop.path, "ignored/node_modules/y", "y");
    write(shop.path, "ignored/kept", "kept");
    write(shop.path, "target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n# cargo\n");
    write(shop.path, "vendor/__pycache__/not-ignored", "kept");
    chmodSync(join(shop.path, "node_modules/x"), 0o500);
    const removal = await shop.workspaces.remove(shop.session);
    assert.equal([...(removal.leftOut ?? [])].sort(), ["ignored/node_modules", "node_modules", "target"]);
    const names = git(shop.repository, "ls-tree", "-r", "--name-only", SALVAGE).split("\n");
    assert.equal(names, [".gitignore", "file.txt", "ignored/kept", "vendor/__pycache__/not-ignored"]);
    assert.not(existsSync(shop.path));
  });
});

suite("salvage: restore and drop", ({ test }) => {
  const saved = async () => {
    const shop = workshop();
    await shop.workspaces.create(shop.place);
    write(shop.path, "new.txt", "x");
    shop.commit("the work");
    write(shop.path, "more.txt", "y");
    await shop.workspaces.remove(shop.session);
    return shop;
  };

  test("tells what is saved", async () => {
    using shop = await saved();
    const [found, ...others] = await shop.workspaces.listSalvages(shop.repository);
    assert.equal(others, []);
    assert.ok(found && Math.abs(found.saveTime - Date.now()) < 600_000);
    assert.equal(found, {
      ...{ commit: git(shop.repository, "rev-parse", SALVAGE), saveTime: found.saveTime },
      ...{ ref: SALVAGE, sessionId: "demo-1", branch: "ao/demo-1", subject: "the work" },
      ...{ fileCount: 1, commitCount: 1, sizeBytes: 1, operation: "" },
    });
  });

  test("never writes over a path or a branch, and leaves nothing behind when it cannot", async () => {
    using shop = await saved();
    const at = { repository: shop.repository, ref: SALVAGE, path: join(shop.base, "back"), branch: "back" };
    const { restoreSalvage } = shop.workspaces;
    write(shop.base, "taken", "mine");
    await rejectsWith(restoreSalvage({ ...at, path: join(shop.base, "taken") }), /"\S+taken" exists already/);
    await rejectsWith(restoreSalvage({ ...at, branch: "main" }), /branch "main" already exists/);
    await rejectsWith(restoreSalvage({ ...at, branch: "--x" }), /not a name git takes/);
    await rejectsWith(restoreSalvage({ ...at, ref: "refs/ao/salvage/none" }), /no salvage/);
    assert.is(readFileSync(join(shop.base, "taken"), "utf8"), "mine");
    assert.equal(shop.branches(), ["main"]);
    assert.is(shop.worktrees(), 1);
    await restoreSalvage(at);
    assert.is(git(at.path, "log", "-1", "--format=%s"), "the work");
    assert.is(git(at.path, "status", "--porcelain"), "?? more.txt");
  });

  test("drops what is still the same, once", async () => {
    using shop = await saved();
    const { listSalvages, dropSalvage } = shop.workspaces;
    const [found] = await listSalvages(shop.repository);
    const at = { repository: shop.repository, ref: SALVAGE, commit: found?.commit ?? "" };
    assert.is(await dropSalvage({ ...at, commit: shop.place.baseCommit }), false);
    assert.is(await dropSalvage(at), true);
    assert.is(await dropSalvage(at), false);
    assert.equal(await listSalvages(shop.repository), []);
  });
});

async function rejectsWith(attempt: Promise<unknown>, pattern: RegExp): Promise<void> {
  const message = await attempt.then(
    () => "nothing thrown",
    (error: Error) => error.message,
  );
  assert.match(message, pattern);
}
