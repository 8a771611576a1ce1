import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { git, workshop, write } from "./fixture.ts";
import { SALVAGE_CASES } from "./salvage-cases.ts";
import { thereAndBack } from "./there-and-back.ts";

suite("salvage: all comes back, byte for byte, staged as it was", ({ test }) => {
  for (const [name, prepare] of Object.entries(SALVAGE_CASES))
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
