import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { git, write } from "./fixture.ts";
import type { Shop } from "./there-and-back.ts";

/** Dirties a worktree; all of it must come back, and git must say the same of it. */
export const SALVAGE_CASES: Record<string, (shop: Shop) => void | Promise<void>> = {
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
