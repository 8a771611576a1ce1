import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import * as assert from "uvu/assert";
import { AoError } from "../../src/core/errors.ts";
import type { WatchMessage } from "../../src/lifecycle/api.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";

/** A client that follows the contract and nothing else: its table must be the daemon's. */
interface Follower {
  revision?: number;
  epoch?: string;
  names: Map<string, string>;
  snapshots: number;
}

const OUT_OF_RANGE = new Set(["REVISION_COMPACTED", "REVISION_IN_FUTURE"]);
const PROJECT = { path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" };

/** Reads a watch until it has told everything there is. */
async function catchUp(world: InProcess, follower: Follower): Promise<void> {
  const stop = new AbortController();
  const { head } = world.deps.book.revisions();
  const { revision: afterRevision, epoch: afterEpoch } = follower;
  if (afterRevision === head) {
    // Nothing to wait for if the daemon agrees; if it does not, the first step throws.
    stop.abort();
  }
  for await (const message of world.sessions.watch({ afterRevision, afterEpoch }, stop.signal)) {
    apply(follower, message);
    if (message.revision === head && message.type !== "snapshot") stop.abort();
  }
}

function apply(follower: Follower, message: WatchMessage): void {
  if (message.type === "changed") assert.is(message.revision, Number(follower.revision) + 1);
  if ("view" in message) follower.names.set(message.view.session.id, message.view.session.name);
  if (message.type === "removed") follower.names.delete(message.sessionId);
  if (message.type === "snapshot") return;
  if (message.type === "snapshot_end") follower.snapshots += 1;
  follower.revision = message.revision;
  follower.epoch = message.epoch;
}

/** As every client must: out of range means to forget everything and to ask for a snapshot. */
async function visit(world: InProcess, follower: Follower): Promise<void> {
  try {
    await catchUp(world, follower);
  } catch (error) {
    if (!(error instanceof AoError) || !OUT_OF_RANGE.has(error.reason)) throw error;
    const { snapshots } = follower;
    Object.assign(follower, { revision: undefined, epoch: undefined, names: new Map(), snapshots });
    await catchUp(world, follower);
  }
}

async function namesOf(world: InProcess): Promise<[string, string][]> {
  const { rows } = await world.sessions.list({ statuses: [], limit: 500 });
  return rows.map(({ session }): [string, string] => [session.id, session.name]).sort();
}

const pathOf = (world: InProcess) => world.deps.paths.home;

/** Puts a file in the place of the database; nothing when there is none, so that it is made anew. */
function putBack(world: InProcess, copy: string) {
  const path = join(pathOf(world), "ao.db");
  return () => {
    for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
    if (existsSync(copy)) cpSync(copy, path);
  };
}

suite("watch over a database that was replaced", ({ test }) => {
  const withWorld = async (use: (open: { world: InProcess }) => Promise<void>) => {
    const open = { world: await createInProcess() };
    try {
      await use(open);
    } finally {
      await open.world.close();
    }
  };
  const edit = async (world: InProcess, name: string) => {
    if ((await world.projects.list({ limit: 1 })).rows.length === 0) await world.projects.add(PROJECT);
    const [found] = (await world.sessions.list({ statuses: [], limit: 1 })).rows;
    const { session } = found ?? (await world.sessions.spawn(spawnRequest()));
    await world.sessions.update(session.id, { name });
  };

  test("a copy that was put back and has grown past the watcher is no continuation", () =>
    withWorld(async (open) => {
      await edit(open.world, "before");
      const copy = join(pathOf(open.world), "copy");
      open.world = await open.world.restart(() => cpSync(join(pathOf(open.world), "ao.db"), copy));
      await edit(open.world, "lost");
      const follower: Follower = { names: new Map(), snapshots: 0 };
      await visit(open.world, follower);
      open.world = await open.world.restart(putBack(open.world, copy));
      for (const name of ["other", "and", "on"]) await edit(open.world, name);
      assert.ok(open.world.deps.book.revisions().head > Number(follower.revision));
      const error = await rejects(catchUp(open.world, follower), "REVISION_COMPACTED");
      assert.match(error.hint, "put back");
      // A client that knows no epochs is served as before.
      await catchUp(open.world, { ...follower, epoch: undefined });
    }));

  test("a watcher that had not yet seen what the copy lost goes on without a snapshot", () =>
    withWorld(async (open) => {
      await edit(open.world, "before");
      const follower: Follower = { names: new Map(), snapshots: 0 };
      await visit(open.world, follower);
      const copy = join(pathOf(open.world), "copy");
      open.world = await open.world.restart(() => cpSync(join(pathOf(open.world), "ao.db"), copy));
      await edit(open.world, "lost");
      open.world = await open.world.restart(putBack(open.world, copy));
      await edit(open.world, "other");
      await visit(open.world, follower);
      assert.equal([...follower.names], [["shop-1", "other"]]);
      assert.is(follower.snapshots, 1);
    }));

  test("restarts alone never cost a snapshot, also with nothing written between them", () =>
    withWorld(async (open) => {
      await edit(open.world, "one");
      const follower: Follower = { names: new Map(), snapshots: 0 };
      for (const name of ["", "two", "", "", "three"]) {
        await visit(open.world, follower);
        open.world = await open.world.restart();
        if (name) await edit(open.world, name);
      }
      await visit(open.world, follower);
      assert.equal([...follower.names], [["shop-1", "three"]]);
      assert.is(follower.snapshots, 1);
    }));

  test(
    "whatever is copied, put back, deleted and compacted: who follows the contract has what the daemon has",
    async () => {
      type Step = "edit" | "remove" | "restart" | "copy" | "put back" | "delete" | "compact" | "visit";
      const any = fc.array(
        fc.constantFrom<Step>("edit", "remove", "restart", "copy", "put back", "delete", "compact", "visit"),
        { maxLength: 3 },
      );
      const edits = fc.array(fc.constant<Step>("edit"), { maxLength: 4 });
      // Some come by chance, but a watcher overtaken by another history needs these in this order.
      const round = fc
        .tuple(
          edits,
          fc.constant(["copy"]),
          edits,
          any,
          edits,
          fc.constantFrom(["put back"], ["delete"], []),
          any,
          edits,
        )
        .map((parts) => parts.flat() as Step[]);
      const steps = fc.array(round, { minLength: 1, maxLength: 3 }).map((rounds) => rounds.flat());
      await fc.assert(
        fc.asyncProperty(steps, (schedule) =>
          withWorld(async (open) => {
            const follower: Follower = { names: new Map(), snapshots: 0 };
            const copy = join(pathOf(open.world), "copy");
            const run: Record<Step, (step: number) => Promise<unknown>> = {
              edit: (step) => edit(open.world, `name-${step}`),
              remove: async () => {
                const [found] = (await open.world.sessions.list({ statuses: [], limit: 1 })).rows;
                if (found) await open.world.deps.book.remove(found.session);
              },
              restart: async () => (open.world = await open.world.restart()),
              copy: async () =>
                (open.world = await open.world.restart(() =>
                  cpSync(join(pathOf(open.world), "ao.db"), copy),
                )),
              "put back": async () => (open.world = await open.world.restart(putBack(open.world, copy))),
              delete: async () =>
                (open.world = await open.world.restart(putBack(open.world, "/nonexistent"))),
              compact: () => open.world.deps.book.compact({ before: 0, keepChanges: 2, keepSignals: 2 }),
              visit: () => visit(open.world, follower),
            };
            for (const [number, step] of schedule.entries()) await run[step](number);
            await visit(open.world, follower);
            assert.equal([...follower.names].sort(), await namesOf(open.world));
          }),
        ),
        { numRuns: 10 },
      );
    },
    { timeoutMs: 120_000 },
  );
});
