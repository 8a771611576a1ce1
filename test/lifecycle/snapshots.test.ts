import fc from "fast-check";
import * as assert from "uvu/assert";
import type { Session } from "../../src/core/session.ts";
import type { WatchMessage } from "../../src/lifecycle/api.ts";
import { launch, session } from "../store/samples.ts";
import { createInProcess, type InProcess } from "../support/in-process.ts";
import { suite } from "../support/suite.ts";

const PROJECTS = ["shop", "web"] as const;
/** More than two pages of a snapshot. */
const SESSIONS = 230;

/** Sessions by id as the change log says they were at `revision`: the truth a watch is compared with. */
async function stateAt({ deps }: InProcess, revision: number, projectId?: string) {
  const state = new Map<string, Session>();
  for (let after = 0; after < revision; ) {
    const changes = await deps.store.listChanges({ after, limit: 500 });
    for (const change of changes) {
      after = change.revision;
      if (after > revision) break;
      if (projectId && change.projectId !== projectId) continue;
      if (change.session) state.set(change.sessionId, change.session);
      else state.delete(change.sessionId);
    }
  }
  return state;
}

const names = (state: ReadonlyMap<string, Session>) =>
  [...state.values()].map(({ id, name, revision }) => `${id} ${name} ${revision}`).sort();

/** A watch read by hand, one message at a time. */
function handRead(world: InProcess, projectId?: string) {
  const stop = new AbortController();
  const stream = world.sessions.watch({ projectId }, stop.signal)[Symbol.asyncIterator]();
  const folded = new Map<string, Session>();
  const told: string[] = [];
  const revisions: number[] = [];
  let head: number | undefined;
  let atEnd: string[] = [];
  const take = (message: WatchMessage) => {
    if ("view" in message) folded.set(message.view.session.id, message.view.session);
    switch (message.type) {
      case "snapshot":
        told.push(message.view.session.id);
        break;
      case "snapshot_end":
        head = message.revision;
        atEnd = names(folded);
        break;
      case "removed":
        folded.delete(message.sessionId);
        revisions.push(message.revision);
        break;
      case "changed":
        revisions.push(message.revision);
        break;
      case "progress":
        throw new Error("time stands still");
    }
  };
  return {
    folded,
    told,
    revisions,
    head: () => head,
    snapshot: () => atEnd,
    async read(count: number) {
      for (let n = 0; n < count; n += 1) {
        const { value, done } = await stream.next();
        if (done) return;
        take(value);
      }
    },
    async close() {
      stop.abort();
      await stream.return?.();
    },
  };
}

suite("snapshots", (s) => {
  let world: InProcess;
  let created = 0;
  s.beforeEach(async () => {
    world = await createInProcess();
    for (const id of PROJECTS)
      await world.projects.add({ path: `/repos/${id}`, id, defaultBranch: "", defaultHarness: "" });
    created = 0;
    await Promise.all(Array.from({ length: SESSIONS }, add));
  });
  s.afterEach(() => world.close());

  const add = () => {
    created += 1;
    const id = `${PROJECTS[created % 2]}-${created}`;
    return world.deps.book.insert(session(id), launch(`launch-of-${id}`, id));
  };
  const idOf = (n: number) => `${PROJECTS[n % 2]}-${n}`;
  const rename = async (n: number, name: string) => {
    const id = idOf(1 + (n % created));
    if (await world.deps.book.get(id)) await world.deps.book.edit(id, (old) => ({ ...old, name }));
  };
  const remove = async (n: number) => {
    const found = await world.deps.book.get(idOf(1 + (n % created)));
    if (found) await world.deps.book.remove(found);
  };

  s.test(
    "what is committed together with the start of a watch is in the snapshot or comes after it",
    async () => {
      // One transaction writes all six, and the snapshot is asked for in their midst.
      const edit = (n: number) => world.deps.book.edit(idOf(n), (former) => ({ ...former, name: "new" }));
      const edits = [1, 2, 3].map(edit);
      const watch = handRead(world);
      const first = watch.read(1);
      edits.push(...[4, 5, 6].map(edit));
      await Promise.all([first, ...edits]);
      await watch.read(SESSIONS);
      const from = watch.head() ?? 0;
      assert.equal(watch.snapshot(), names(await stateAt(world, from)));
      const { head } = world.deps.book.revisions();
      await watch.read(head - from);
      assert.equal(names(watch.folded), names(await stateAt(world, head)));
      await watch.close();
    },
  );

  s.test(
    "a snapshot read slowly is of one revision, and every later change follows once, in order",
    async () => {
      const step = fc.oneof(
        fc.record({ kind: fc.constant("read"), n: fc.integer({ min: 1, max: 120 }) }),
        fc.record({ kind: fc.constantFrom("rename", "remove"), n: fc.nat(500) }),
        fc.record({ kind: fc.constant("add"), n: fc.constant(0) }),
      );
      const projects = fc.constantFrom(undefined, ...PROJECTS);
      await fc.assert(
        fc.asyncProperty(
          projects,
          fc.array(step, { minLength: 5, maxLength: 25 }),
          async (projectId, steps) => {
            const watch = handRead(world, projectId);
            let reading: Promise<unknown> = watch.read(1);
            for (const { kind, n } of steps) {
              // Reads wait for the one before, changes for nothing: they fall into the middle of a page.
              if (kind === "read" && watch.head() === undefined)
                reading = reading.then(() => readSome(watch, n));
              else if (kind === "rename") await rename(n, `name-${n}`);
              else if (kind === "remove") await remove(n);
              else if (kind === "add") await add();
            }
            await reading;
            while (watch.head() === undefined) await watch.read(1);
            const from = watch.head() ?? 0;
            assert.equal(watch.snapshot(), names(await stateAt(world, from, projectId)));
            assert.is(new Set(watch.told).size, watch.told.length, "each session once");
            const later = (await world.deps.store.listChanges({ after: from, limit: 500 })).filter(
              (change) => !projectId || change.projectId === projectId,
            );
            await watch.read(later.length);
            assert.equal(
              watch.revisions,
              later.map(({ revision }) => revision),
            );
            const { head } = world.deps.book.revisions();
            assert.equal(names(watch.folded), names(await stateAt(world, head, projectId)));
            await watch.close();
          },
        ),
        { numRuns: 25 },
      );
    },
  );
});

async function readSome(watch: ReturnType<typeof handRead>, count: number): Promise<void> {
  for (let n = 0; n < count && watch.head() === undefined; n += 1) await watch.read(1);
}
