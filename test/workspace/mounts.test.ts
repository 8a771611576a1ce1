import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { workshop, write } from "./fixture.ts";

/** A mount of one's own needs a namespace of one's own, which some hosts refuse. */
const NAMESPACE = [["-m"], ["-Urm"]].find(
  (flags) => spawnSync("unshare", [...flags, "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0,
);
const PROGRAM = join(import.meta.dirname, "remove-demo.ts");

suite("workspaces: something is mounted in the worktree", ({ test }) => {
  for (const { name, at, said } of [
    { name: "a folder", at: "shared", said: /something is mounted at "shared" in it/ },
    {
      name: "a folder with a blank in its name",
      at: "my data",
      said: /something is mounted at "my data" in it/,
    },
    {
      name: "a folder in a cache",
      at: "node_modules/deep/pkg",
      said: /mounted at "node_modules\/deep\/pkg" in it/,
    },
    { name: "the worktree itself", at: "", said: /something is mounted there/ },
  ]) {
    if (!NAMESPACE) continue;
    test(`${name}: the removal is refused, and what is mounted keeps its files`, async () => {
      using shop = workshop();
      await shop.workspaces.create(shop.place);
      write(shop.path, ".gitignore", "node_modules/\n");
      write(shop.path, "work.txt", "work");
      const place = join(shop.path, at);
      mkdirSync(place, { recursive: true });
      const source = join(shop.base, "source");
      write(source, "precious.txt", "precious");
      if (at === "") write(source, ".git", readFileSync(join(shop.path, ".git")));
      const script = 'mount --bind "$1" "$2" && exec "$3" "$4" "$5"';
      const args = [source, place, process.execPath, PROGRAM, JSON.stringify(shop.session)];
      const run = spawnSync("unshare", [...NAMESPACE, "sh", "-c", script, "sh", ...args]);
      const end = JSON.parse(run.stdout.toString() || `"${run.stderr}"`);
      assert.is(end.reason, "WORKSPACE_FAILED", JSON.stringify(end));
      assert.match(end.told, said);
      assert.is(readFileSync(join(source, "precious.txt"), "utf8"), "precious");
      assert.ok(existsSync(join(shop.path, "work.txt")), "nothing was touched");

      const { salvageRef } = await shop.workspaces.remove(shop.session);
      assert.is(salvageRef, "refs/ao/salvage/demo-1");
      assert.not(existsSync(shop.path));
    });
  }
});
