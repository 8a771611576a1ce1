import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import { BUILT_IN_SPECS, createHarnesses } from "../../../src/harness/registry.ts";
import type { HarnessSpec } from "../../../src/harness/spec.ts";
import { rejects } from "../../support/rejects.ts";
import { suite } from "../../support/suite.ts";
import { agentPlace, changes, treeOf } from "./agent-place.ts";

/** Files a spec says it puts into the worktree. */
function worktreeFiles(spec: HarnessSpec): string[] {
  if (spec.hooks.strategy !== "files") return [];
  return spec.hooks.files.filter(({ place }) => place === "worktree").map(({ path }) => path);
}

/** Directories an agent makes in its own place, which its mirror makes for it. */
function madeDirectories(spec: HarnessSpec): string[] {
  return spec.hooks.strategy === "files" ? [...(spec.hooks.mirror?.make ?? [])] : [];
}

suite("every harness: what it leaves behind", ({ test }) => {
  const harnesses = createHarnesses();

  for (const spec of BUILT_IN_SPECS) {
    test(`${spec.id}: writes into its launch and where its spec says, hidden from git, and takes it back`, async () => {
      using place = agentPlace();
      const launchDir = place.plan().launchDir;
      const before = treeOf(place.root);
      const old = process.umask(0);
      await harnesses
        .get(spec.id)
        .prepare(place.plan({ prompt: "x" }))
        .finally(() => process.umask(old));
      const during = treeOf(place.root);
      const written = changes(before, during).filter((path) => !path.endsWith("/asked"));
      const isDeclared = (path: string) =>
        path.startsWith(`${launchDir}/`) ||
        worktreeFiles(spec).some((file) => {
          const at = join(place.worktree, file);
          return at === path || join(dirname(at), ".gitignore") === path || at.startsWith(`${path}/`);
        }) ||
        (path.startsWith(place.home) &&
          madeDirectories(spec).some((name) => `${path}/`.includes(`/${name}/`) || isAbove(path, name)));
      assert.equal(
        written.filter((path) => !isDeclared(path)),
        [],
      );
      for (const path of written.filter((path) => during[path] && !during[path]?.startsWith("link")))
        assert.match(during[path] ?? "", /^(600|700|directory 700|directory 755|directory 777) ?/, path);
      for (const path of written.filter(
        (path) => path.startsWith(launchDir) && during[path]?.startsWith("directory"),
      ))
        assert.is(during[path], "directory 700", path);
      for (const file of worktreeFiles(spec)) assert.ok(existsSync(join(place.worktree, file)));
      assert.is(place.git("status", "--porcelain", "--untracked-files=all"), "");
      await Promise.all([harnesses.release(launchDir), harnesses.release(launchDir)]);
      await harnesses.release(launchDir);
      const kept = changes(before, treeOf(place.root)).filter(
        (path) => path.startsWith(place.worktree) || path.startsWith(place.repository),
      );
      assert.equal(kept, []);
      assert.is(place.git("status", "--porcelain", "--ignored"), "");
    });

    for (const file of worktreeFiles(spec)) {
      test(`${spec.id}: "${file}" of the repository keeps what it says, is not committed, and comes back as it was`, async () => {
        using place = agentPlace();
        const path = join(place.worktree, file);
        const own = '{\n    "mine": [1, 2],\n    "hooks": {"Stop": [{"mine": true}]}\n}\n';
        place.commit(file, own);
        const before = treeOf(place.worktree);
        await harnesses.get(spec.id).prepare(place.plan());
        const merged = JSON.parse(readFileSync(path, "utf8"));
        assert.equal(merged.mine, [1, 2]);
        assert.ok(JSON.stringify(merged).includes('{"mine":true}'));
        assert.is(place.git("status", "--porcelain", "--untracked-files=all"), "");
        writeFileSync(join(place.worktree, "work.txt"), "x");
        place.git("add", "-A");
        place.git("commit", "-q", "-a", "-m", "work");
        assert.is(place.git("show", `HEAD:${file}`), own);
        await harnesses.release(place.plan().launchDir);
        assert.equal(changes(before, treeOf(place.worktree)), [join(place.worktree, "work.txt")]);
        assert.is(place.git("status", "--porcelain"), "");
      });

      test(`${spec.id}: what others add to "${file}" meanwhile stays, and nothing of ao's`, async () => {
        using place = agentPlace();
        const path = join(place.worktree, file);
        await harnesses.get(spec.id).prepare(place.plan());
        const value = JSON.parse(readFileSync(path, "utf8"));
        writeFileSync(path, JSON.stringify({ ...value, theirs: { allow: ["x"] } }));
        await harnesses.release(place.plan().launchDir);
        assert.equal(JSON.parse(readFileSync(path, "utf8")), { theirs: { allow: ["x"] } });
      });

      test(`${spec.id}: a link in the way of "${file}" leads nowhere`, async () => {
        using place = agentPlace();
        const outside = join(place.root, "outside");
        mkdirSync(outside);
        mkdirSync(dirname(dirname(join(place.worktree, file))), { recursive: true });
        symlinkSync(outside, dirname(join(place.worktree, file)));
        await rejects(harnesses.get(spec.id).prepare(place.plan()), "HARNESS_SETUP_FAILED");
        assert.equal(treeOf(outside), {});
      });

      test(`${spec.id}: "${file}" that cannot be merged is named and left alone`, async () => {
        using place = agentPlace();
        place.commit(file, "// not JSON\n{}");
        const error = await rejects(harnesses.get(spec.id).prepare(place.plan()), "HARNESS_SETUP_FAILED");
        assert.ok(error.message.includes(file));
        await harnesses.release(place.plan().launchDir);
        assert.is(readFileSync(join(place.worktree, file), "utf8"), "// not JSON\n{}");
        assert.is(place.git("status", "--porcelain", "--ignored"), "");
      });
    }
  }

  test("a .gitignore of the repository beside the hooks keeps its lines, and is not committed with ao's", async () => {
    using place = agentPlace();
    place.commit(".cursor/.gitignore", "/cache");
    await harnesses.get("cursor").prepare(place.plan());
    assert.is(readFileSync(join(place.worktree, ".cursor/.gitignore"), "utf8"), "/cache\n/hooks.json\n");
    assert.is(place.git("status", "--porcelain", "--untracked-files=all"), "");
    await harnesses.release(place.plan().launchDir);
    assert.is(readFileSync(join(place.worktree, ".cursor/.gitignore"), "utf8"), "/cache");
    assert.is(place.git("status", "--porcelain", "--ignored"), "");
  });

  test("a launch that was killed before it wrote takes nothing away", async () => {
    using place = agentPlace();
    await harnesses.get("cursor").prepare(place.plan());
    const hooks = join(place.worktree, ".cursor/hooks.json");
    writeFileSync(hooks, '{"theirs":true}\n');
    await harnesses.release(place.plan().launchDir);
    assert.is(readFileSync(hooks, "utf8"), '{"theirs":true}\n');
  });
});

/** A directory on the way to one that is made. */
function isAbove(path: string, name: string): boolean {
  return existsSync(join(path, name)) || existsSync(join(path, ".gemini", name));
}
