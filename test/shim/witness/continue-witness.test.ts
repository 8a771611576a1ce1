import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { systemClock } from "../../../src/util/clock.ts";
import { eventually } from "../../support/eventually.ts";
import { suite } from "../../support/suite.ts";
import { tempDir } from "../../support/temp-dir.ts";
import { watchLaunch } from "./watched-launch.ts";

const ID = "0ec23741-6234-4d55-a23d-8ef6a878151";
const id = (n: number) => `${ID}${n}`;

/** Files are stamped by the kernel's tick: up to 4 ms too early. */
const justBefore = () => Date.now() - 50;

/** A conversation as Continue 1.5.47 writes it; a title may quote anything. */
function conversation(n: number, workspaceDirectory: string): string {
  const title = 'about "workspaceDirectory": "/elsewhere"';
  const history = [{ message: { role: "user", content: "SAY apples" }, contextItems: [] }];
  return JSON.stringify({ sessionId: id(n), title, workspaceDirectory, history }, null, 2);
}

suite("continue witness", ({ test }) => {
  /** A directory of conversations, a worktree and its launch, asked for now. */
  const open = () => {
    const dir = tempDir();
    const sessions = join(dir.path, "sessions");
    const worktree = join(dir.path, "worktree");
    for (const path of [sessions, worktree]) mkdirSync(path);
    const path = (n: number) => join(sessions, `${id(n)}.json`);
    const write = (n: number, workspace = worktree) => writeFileSync(path(n), conversation(n, workspace));
    const watch = (fields: { workspacePath?: string; pollMs?: number } = {}) =>
      watchLaunch({
        harness: "continue",
        witness: { sessions },
        workspacePath: worktree,
        launchTime: justBefore(),
        // Its own files are of today.
        clock: systemClock(),
        ...fields,
      });
    return { dir, sessions, worktree, path, write, watch };
  };
  const ids = (launch: ReturnType<typeof watchLaunch>) =>
    launch.said.map(({ fields }) => fields.nativeSessionId);

  test("tells the conversation its launch has begun, and its file, once", async () => {
    const { dir, write, path, watch } = open();
    using _ = dir;
    using launch = watch();
    write(1);
    await eventually(() => launch.said.length === 1, { what: "the id" });
    write(1);
    write(2);
    await eventually(() => launch.said.length === 2, { what: "the next id" });
    const [first] = launch.said;
    assert.is(first?.id, `w-continue-${id(1)}`);
    assert.is(first?.event, "conversation_start");
    assert.equal(first?.fields, { nativeSessionId: id(1), transcriptPath: path(1) });
    assert.equal(ids(launch), [id(1), id(2)]);
  });

  test("a conversation of another directory, or of an earlier process, is none of its own", async () => {
    const { dir, write, path, watch } = open();
    using _ = dir;
    write(1);
    utimesSync(path(1), 1_790_000_000, 1_790_000_000);
    using launch = watch();
    write(2, dir.path);
    write(3);
    await eventually(() => launch.said.length === 1, { what: "the id" });
    assert.equal(ids(launch), [id(3)]);
  });

  test("a file that is still empty is read when it is written", async () => {
    const { dir, write, path, watch } = open();
    using _ = dir;
    writeFileSync(path(1), "");
    using launch = watch({ pollMs: 20 });
    write(2);
    await eventually(() => launch.said.length === 1, { what: "the other id" });
    write(1);
    await eventually(() => launch.said.length === 2, { what: "the id" });
    assert.equal(ids(launch), [id(2), id(1)]);
  });

  test("a worktree behind a link is the directory it leads to", async () => {
    const { dir, write, worktree, watch } = open();
    using _ = dir;
    const link = join(dir.path, "link");
    symlinkSync(worktree, link);
    using launch = watch({ workspacePath: link });
    write(1);
    await eventually(() => launch.said.length === 1, { what: "the id" });
    assert.equal(ids(launch), [id(1)]);
  });

  test("a directory that is made later, and what else lies in it", async () => {
    using dir = tempDir();
    const sessions = join(dir.path, "later");
    using launch = watchLaunch({
      harness: "continue",
      witness: { sessions },
      workspacePath: dir.path,
      launchTime: justBefore(),
      pollMs: 20,
      clock: systemClock(),
    });
    mkdirSync(sessions);
    writeFileSync(join(sessions, "sessions.json"), "[]");
    writeFileSync(join(sessions, `${id(1)}.json`), conversation(1, dir.path));
    await eventually(() => launch.said.length === 1, { what: "the id" });
  });
});
