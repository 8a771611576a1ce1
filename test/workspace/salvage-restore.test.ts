import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { git, workshop, write } from "./fixture.ts";
import { rejectsWith, SALVAGE } from "./there-and-back.ts";

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
