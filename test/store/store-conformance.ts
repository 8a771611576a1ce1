import * as assert from "uvu/assert";
import { AoError, type ErrorReason } from "../../src/core/errors.ts";
import type { Page, Store } from "../../src/core/ports/store.ts";
import { suite, type TestBody } from "../support/suite.ts";
import { change, facts, launch, logged, project, seed, session } from "./samples.ts";

/** A store under test and the way to let it go. */
export interface OpenedStore extends AsyncDisposable {
  store: Store;
}

async function refused(attempt: Promise<unknown>, reason?: ErrorReason): Promise<Error> {
  const error = await attempt.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  assert.instance(error, Error, "it was accepted");
  if (reason) assert.is(error instanceof AoError ? error.reason : String(error), reason);
  return error as Error;
}

async function allPages<Row>(read: (after?: string) => Promise<Page<Row>>): Promise<Row[]> {
  const first = await read();
  const rows = [...first.rows];
  for (let { next } = first; next; ) {
    const page = await read(next);
    rows.push(...page.rows);
    next = page.next;
  }
  return rows;
}

/** What every store keeps its word about; `open` makes an empty one. */
export function storeConformance(name: string, open: () => Promise<OpenedStore>): void {
  const withStore =
    (body: (store: Store) => Promise<void>): TestBody =>
    async () => {
      await using opened = await open();
      await seed(opened.store);
      await body(opened.store);
    };
  rowsOfRegistry(name, withStore);
  rowsOfSessions(name, withStore);
  logs(name, withStore);
  commits(name, withStore);
  compaction(name, withStore);
}

type WithStore = (body: (store: Store) => Promise<void>) => TestBody;

function rowsOfRegistry(name: string, withStore: WithStore): void {
  suite(`${name}: harnesses and projects`, ({ test }) => {
    test(
      "harnesses of removed specs stay readable, unsupported, and so do their sessions",
      withStore(async (store) => {
        await store.commit({ sessions: [session("shop-1")] });
        await store.syncHarnesses([
          { id: "other", displayName: "Other" },
          { id: "codex", displayName: "Codex" },
        ]);
        assert.equal(await store.listHarnesses(), [
          { id: "codex", displayName: "Codex", supported: true },
          { id: "demo", displayName: "Demo", supported: false },
          { id: "other", displayName: "Other", supported: true },
        ]);
        assert.is((await store.getSession("shop-1"))?.harness, "demo");
        await store.commit({ sessions: [session("shop-1", { name: "renamed" })] });
        assert.is((await store.getSession("shop-1"))?.name, "renamed");
        await store.syncHarnesses([{ id: "demo", displayName: "Demo 2" }]);
        assert.equal((await store.listHarnesses())[1], {
          id: "demo",
          displayName: "Demo 2",
          supported: true,
        });
        await store.syncHarnesses([]);
        assert.not((await store.listHarnesses()).some((row) => row.supported));
      }),
    );

    test(
      "projects are inserted once, updated, listed by id in pages, deleted",
      withStore(async (store) => {
        for (const id of ["zoo", "api", "web"]) await store.insertProject(project(id));
        await refused(store.insertProject(project("api", { path: "/elsewhere" })), "PROJECT_EXISTS");
        assert.equal(await store.getProject("api"), project("api"));
        await store.updateProject(project("api", { defaultBranch: "trunk", updateTime: 5 }));
        assert.is((await store.getProject("api"))?.defaultBranch, "trunk");
        await refused(store.updateProject(project("none")), "PROJECT_NOT_FOUND");
        const listed = await allPages((after) => store.listProjects({ limit: 2, after }));
        assert.equal(
          listed.map((row) => row.id),
          ["api", "shop", "web", "zoo"],
        );
        await store.deleteProject("api");
        assert.is(await store.getProject("api"), undefined);
      }),
    );

    test(
      "a project with sessions is not deleted",
      withStore(async (store) => {
        await store.commit({ sessions: [session("shop-1")] });
        await refused(store.deleteProject("shop"), "PROJECT_IN_USE");
        await store.commit({ removedSessionIds: ["shop-1"] });
        await store.deleteProject("shop");
      }),
    );

    test(
      "session numbers are never given twice: not at once, not after removal, not to a project registered again",
      withStore(async (store) => {
        const numbers = await Promise.all([1, 2, 3].map(() => store.nextSessionNumber("shop")));
        assert.equal(numbers.toSorted(), [1, 2, 3]);
        await store.commit({ sessions: [session("shop-3")] });
        await store.commit({ removedSessionIds: ["shop-3"] });
        assert.is(await store.nextSessionNumber("shop"), 4);
        await store.deleteProject("shop");
        await refused(store.nextSessionNumber("shop"), "PROJECT_NOT_FOUND");
        await store.insertProject(project());
        assert.is(await store.nextSessionNumber("shop"), 5);
      }),
    );
  });
}

function rowsOfSessions(name: string, withStore: WithStore): void {
  suite(`${name}: sessions and launches`, ({ test }) => {
    test(
      "sessions are found by id, name, request id and launch",
      withStore(async (store) => {
        const one = session("shop-1", { name: "twin", requestId: "r1", requestDigest: "x" });
        const two = session("shop-2", { name: "twin" });
        const launches = [launch("l1", "shop-1"), launch("l2", "shop-1", { number: 2, endTime: 9 })];
        await store.commit({ sessions: [one, two, session("shop-3", { name: "twin" })], launches });
        assert.equal(await store.getSession("shop-1"), one);
        assert.is((await store.findSessionsByName("twin")).length, 2);
        assert.equal(await store.findSessionsByName("shop-1"), []);
        assert.equal(await store.findSessionByRequestId("r1"), one);
        assert.is(await store.findSessionByRequestId("r2"), undefined);
        assert.equal(await store.findSessionByLaunch("l1"), one);
        assert.equal(await store.findSessionByLaunch("l2"), one);
        assert.is((await store.findSessionByLaunch("launch-of-shop-2"))?.id, "shop-2");
        assert.is(await store.findSessionByLaunch("l9"), undefined);
        assert.equal(await store.getLaunch("l2"), launches[1]);
        assert.is(await store.getLaunch("l9"), undefined);
        assert.equal(await store.listLaunches("shop-1"), launches);
        assert.is(await store.countSessions("shop"), 3);
      }),
    );

    test(
      "a commit updates sessions and launches, the later of two winning",
      withStore(async (store) => {
        await store.commit({ sessions: [session("shop-1")], launches: [launch("l1", "shop-1")] });
        const newer = session("shop-1", { name: "b", revision: 2 });
        const ended = launch("l1", "shop-1", { endTime: 99, runtimeHandle: "other" });
        await store.commit({ sessions: [session("shop-1", { name: "a" }), newer], launches: [ended] });
        assert.equal(await store.getSession("shop-1"), newer);
        assert.equal(await store.listLaunches("shop-1"), [ended]);
      }),
    );

    test(
      "lists are newest first, also where the clock stood still or ran backwards",
      withStore(async (store) => {
        await store.insertProject(project("api"));
        const ids = ["shop-1", "api-1", "shop-2", "shop-3"];
        for (const [index, id] of ids.entries())
          await store.commit({ sessions: [session(id, { createTime: index < 2 ? 1000 : 900 })] });
        await store.commit({ sessions: [session("shop-1", { updateTime: 5000 })] });
        const list = async (options: { projectId?: string; limit?: number }) =>
          (await allPages((after) => store.listSessions({ limit: 2, ...options, after }))).map(
            (row) => row.id,
          );
        assert.equal(await list({}), ids.toReversed());
        assert.equal(await list({ projectId: "shop" }), ["shop-3", "shop-2", "shop-1"]);
        assert.equal(await list({ projectId: "shop", limit: 3 }), ["shop-3", "shop-2", "shop-1"]);
        assert.is((await store.listSessions({ limit: 4 })).next, undefined);
        await refused(store.listSessions({ limit: 4, after: "shop-1" }), "INVALID_PAGE_TOKEN");
      }),
    );

    test(
      "pages are stable while sessions come, change and go",
      withStore(async (store) => {
        const add = (n: number) => store.commit({ sessions: [session(`shop-${n}`)] });
        for (let n = 1; n <= 6; n++) await add(n);
        const first = await store.listSessions({ limit: 2 });
        await add(7);
        await store.commit({
          sessions: [session("shop-1", { name: "x" })],
          removedSessionIds: ["shop-5", "shop-3"],
        });
        const second = await store.listSessions({ limit: 2, after: first.next });
        const third = await store.listSessions({ limit: 2, after: second.next });
        const ids = [first, second, third].map((page) => page.rows.map((row) => row.id));
        assert.equal(ids, [["shop-6", "shop-5"], ["shop-4", "shop-2"], ["shop-1"]]);
        assert.is(third.next, undefined);
      }),
    );

    test(
      "live keeps starting, running and lost",
      withStore(async (store) => {
        const states = ["starting", "running", "exited", "lost"] as const;
        const rows = states.map((state, n) => session(`shop-${n}`, { facts: facts({ process: { state } }) }));
        await store.commit({ sessions: rows });
        const live = await store.listSessions({ limit: 9, live: true });
        assert.equal(
          live.rows.map((row) => row.facts.process.state),
          ["lost", "running", "starting"],
        );
      }),
    );

    test(
      "an unknown harness, an unknown project and a used request id are refused",
      withStore(async (store) => {
        await refused(store.commit({ sessions: [session("shop-1", { harness: "none" })] }));
        await refused(store.commit({ sessions: [session("none-1")] }));
        await refused(store.commit({ launches: [launch("l1", "shop-1")] }));
        await store.commit({ sessions: [session("shop-1", { requestId: "r" })] });
        await refused(store.commit({ sessions: [session("shop-2", { requestId: "r" })] }));
        assert.is(await store.countSessions("shop"), 1);
      }),
    );
  });
}

function logs(name: string, withStore: WithStore): void {
  suite(`${name}: logs`, ({ test }) => {
    test(
      "signals are listed both ways, by session and launch, between positions",
      withStore(async (store) => {
        const rows = [
          logged("a", "shop-1"),
          logged("b", "shop-2", { of: { launchId: "l2" } }),
          logged("c", "shop-1", {
            of: { launchId: "l3", fields: { toolName: "Bash", exitCode: 0, partial: true } },
          }),
          logged("d", "shop-1"),
        ];
        const [a = 0, b = 0, c = 0, d = 0] = await store.commit({ signals: rows });
        assert.ok(a < b && b < c && c < d);
        const list = async (options: Partial<Parameters<Store["listSignals"]>[0]>) =>
          (await store.listSignals({ limit: 9, newestFirst: false, ...options })).map((row) => row.logId);
        assert.equal(await list({}), [a, b, c, d]);
        assert.equal(await list({ newestFirst: true, limit: 2 }), [d, c]);
        assert.equal(await list({ newestFirst: true, beforeLogId: c }), [b, a]);
        assert.equal(await list({ afterLogId: b, limit: 1 }), [c]);
        assert.equal(await list({ sessionId: "shop-1" }), [a, c, d]);
        assert.equal(await list({ sessionId: "shop-1", launchId: "l3" }), [c]);
        assert.equal(await list({ launchId: "l2" }), [b]);
        const [third] = await store.listSignals({ launchId: "l3", limit: 1, newestFirst: false });
        assert.equal(third, { ...rows[2], logId: c });
      }),
    );

    test(
      "tells which signal ids a launch has",
      withStore(async (store) => {
        await store.commit({
          signals: [logged("a", "shop-1"), logged("b", "shop-1", { of: { launchId: "l2" } })],
        });
        assert.equal(await store.knownSignalIds("l1", ["a", "b", "c"]), new Set(["a"]));
        assert.equal(await store.knownSignalIds("l1", []), new Set());
        const many = Array.from({ length: 5000 }, (_, n) => `n${n}`);
        assert.equal(await store.knownSignalIds("l2", [...many, "b"]), new Set(["b"]));
      }),
    );

    test(
      "changes are listed after a revision, in order",
      withStore(async (store) => {
        assert.equal(await store.revisions(), { head: 0, oldest: 0 });
        const one = session("shop-1", { requestId: "r", revision: 1 });
        const gone = {
          revision: 3,
          type: "removed",
          sessionId: "shop-1",
          projectId: "shop",
          commitTime: 7,
        } as const;
        await store.commit({ changes: [change(1, one), change(2, one)] });
        await store.commit({ changes: [gone] });
        assert.equal(await store.revisions(), { head: 3, oldest: 1 });
        assert.equal(await store.listChanges({ after: 0, limit: 1 }), [change(1, one)]);
        assert.equal(await store.listChanges({ after: 1, limit: 9 }), [change(2, one), gone]);
        assert.equal(await store.listChanges({ after: 3, limit: 9 }), []);
      }),
    );
  });
}

function commits(name: string, withStore: WithStore): void {
  suite(`${name}: commit`, ({ test }) => {
    test(
      "a failing part leaves nothing of the whole",
      withStore(async (store) => {
        const one = session("shop-1", { name: "before" });
        await store.commit({ sessions: [one], changes: [change(1, one)], signals: [logged("a", "shop-1")] });
        const two = session("shop-2");
        const good = {
          signals: [logged("b", "shop-1")],
          sessions: [session("shop-1", { name: "after" }), two],
          launches: [launch("l2", "shop-2")],
          changes: [change(2, two)],
        };
        const bad = [
          { signals: [...good.signals, logged("a", "shop-1")] },
          { sessions: [...good.sessions, session("shop-3", { harness: "none" })] },
          { launches: [launch("l3", "shop-9")] },
          { changes: [...good.changes, change(2, two)] },
          { changes: [change(1, two)] },
          { changes: [change(3, two)] },
        ];
        for (const part of bad)
          await refused(store.commit({ ...good, ...part, removedSessionIds: ["shop-1"] }));
        assert.equal(await store.getSession("shop-1"), one);
        assert.is(await store.getSession("shop-2"), undefined);
        assert.is(await store.getLaunch("l2"), undefined);
        assert.is((await store.listSignals({ limit: 9, newestFirst: false })).length, 1);
        assert.equal(await store.revisions(), { head: 1, oldest: 1 });
        await store.commit(good);
        assert.equal(await store.revisions(), { head: 2, oldest: 1 });
      }),
    );

    test(
      "the same signal id is refused within a launch and welcome in another",
      withStore(async (store) => {
        await store.commit({ signals: [logged("a", "shop-1")] });
        await refused(store.commit({ signals: [logged("a", "shop-1")] }));
        await refused(store.commit({ signals: [logged("b", "shop-1"), logged("b", "shop-1")] }));
        await store.commit({ signals: [logged("a", "shop-1", { of: { launchId: "l2" } })] });
        assert.is((await store.listSignals({ limit: 9, newestFirst: false })).length, 2);
      }),
    );

    test(
      "removing a session takes its launches, not its signals and changes",
      withStore(async (store) => {
        const one = session("shop-1");
        await store.commit({
          sessions: [one],
          launches: [launch("l1", "shop-1")],
          signals: [logged("a", "shop-1")],
          changes: [change(1, one)],
        });
        await store.commit({ removedSessionIds: ["shop-1", "never-1"] });
        assert.is(await store.getSession("shop-1"), undefined);
        assert.equal(await store.listLaunches("shop-1"), []);
        assert.is(await store.findSessionByLaunch("l1"), undefined);
        assert.is((await store.listSignals({ sessionId: "shop-1", limit: 9, newestFirst: true })).length, 1);
        assert.is((await store.listChanges({ after: 0, limit: 9 })).length, 1);
      }),
    );

    test(
      "commits asked for at once take place one after the other, reads between them see whole ones",
      withStore(async (store) => {
        const work: Promise<unknown>[] = [];
        const seen: boolean[] = [];
        for (let n = 1; n <= 20; n++) {
          const at = session("shop-1", { revision: n });
          work.push(
            store.commit({ sessions: [at], signals: [logged(`s${n}`, "shop-1")], changes: [change(n, at)] }),
          );
          const look = store.getSession("shop-1");
          const head = store.revisions();
          work.push(look.then(async (row) => seen.push(row?.revision === (await head).head)));
        }
        await Promise.all(work);
        assert.equal(seen, Array(20).fill(true));
        assert.equal(await store.revisions(), { head: 20, oldest: 1 });
      }),
    );
  });
}

function compaction(name: string, withStore: WithStore): void {
  suite(`${name}: compaction`, ({ test }) => {
    const history = async (store: Store) => {
      const one = session("shop-1");
      const signals = [1, 2, 3, 4, 5, 6].map((n) =>
        logged(`s${n}`, n === 1 ? "shop-2" : n === 2 ? "gone-1" : "shop-1", { commitTime: n * 100 }),
      );
      const changes = [1, 2, 3, 4, 5].map((n) => change(n, one, n * 100));
      await store.commit({ sessions: [one, session("shop-2")], signals, changes });
    };
    const kept = async (store: Store) => {
      const signals = await store.listSignals({ limit: 9, newestFirst: false });
      return [signals.map((row) => row.signal.id).join(" "), await store.revisions()];
    };

    test(
      "drops what is older than the limit, but never a session's newest signal nor the newest change",
      withStore(async (store) => {
        await history(store);
        assert.is(await store.compact({ before: 0, keepSignals: 100, keepChanges: 100 }), 0);
        assert.is(await store.compact({ before: 400, keepSignals: 100, keepChanges: 100 }), 2 + 3);
        assert.equal(await kept(store), ["s1 s4 s5 s6", { head: 5, oldest: 4 }]);
        assert.is(await store.compact({ before: 9999, keepSignals: 100, keepChanges: 100 }), 2 + 1);
        assert.equal(await kept(store), ["s1 s6", { head: 5, oldest: 5 }]);
        assert.is(await store.compact({ before: 9999, keepSignals: 0, keepChanges: 0 }), 0);
      }),
    );

    test(
      "drops what is more than the limit, however young",
      withStore(async (store) => {
        await history(store);
        assert.is(await store.compact({ before: 0, keepSignals: 2, keepChanges: 3 }), 3 + 2);
        assert.equal(await kept(store), ["s1 s5 s6", { head: 5, oldest: 3 }]);
      }),
    );

    test(
      "revisions and log positions go on where they were",
      withStore(async (store) => {
        await history(store);
        await store.commit({ removedSessionIds: ["shop-1", "shop-2"] });
        await store.compact({ before: 9999, keepSignals: 0, keepChanges: 0 });
        assert.is((await store.listSignals({ limit: 9, newestFirst: false })).length, 0);
        const [logId] = await store.commit({
          signals: [logged("new", "shop-1")],
          changes: [change(6, session("shop-1"))],
        });
        assert.is(logId, 7);
        assert.equal(await store.revisions(), { head: 6, oldest: 5 });
      }),
    );

    test(
      "commits may come between the steps of a long one",
      withStore(async (store) => {
        const signals = Array.from({ length: 12_000 }, (_, n) =>
          logged(`s${n}`, "gone-1", { commitTime: n }),
        );
        await store.commit({ signals });
        const compacted = store.compact({ before: 99_999, keepSignals: 0, keepChanges: 0 });
        await store.commit({ signals: [logged("late", "shop-1", { commitTime: 1 })] });
        assert.is(await compacted, 12_000);
        const left = await store.listSignals({ limit: 9, newestFirst: false });
        assert.equal(
          left.map((row) => row.signal.id),
          ["late"],
        );
      }),
    );
  });
}
