import * as assert from "uvu/assert";
import { suite } from "../../support/suite.ts";
import { change, launch, logged, session } from "../samples.ts";
import { refused, type WithStore } from "./conformance-case.ts";

/** All or nothing, one after the other. */
export function commitCases(name: string, withStore: WithStore): void {
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
        assert.equal(await store.revisions(), { head: 1, epoch: "e1", oldest: 1 });
        await store.commit(good);
        assert.equal(await store.revisions(), { head: 2, epoch: "e1", oldest: 1 });
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
        assert.equal(await store.revisions(), { head: 20, epoch: "e1", oldest: 1 });
      }),
    );
  });
}
