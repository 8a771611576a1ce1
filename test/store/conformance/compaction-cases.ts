import * as assert from "uvu/assert";
import type { Store } from "../../../src/core/ports/store.ts";
import { suite } from "../../support/suite.ts";
import { change, logged, session } from "../samples.ts";
import type { WithStore } from "./conformance-case.ts";

/** What compaction drops and what it never does. */
export function compactionCases(name: string, withStore: WithStore): void {
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
        assert.equal(await kept(store), ["s1 s4 s5 s6", { head: 5, epoch: "e1", oldest: 4 }]);
        assert.is(await store.compact({ before: 9999, keepSignals: 100, keepChanges: 100 }), 2 + 1);
        assert.equal(await kept(store), ["s1 s6", { head: 5, epoch: "e1", oldest: 5 }]);
        assert.is(await store.compact({ before: 9999, keepSignals: 0, keepChanges: 0 }), 0);
      }),
    );

    test(
      "drops what is more than the limit, however young",
      withStore(async (store) => {
        await history(store);
        assert.is(await store.compact({ before: 0, keepSignals: 2, keepChanges: 3 }), 3 + 2);
        assert.equal(await kept(store), ["s1 s5 s6", { head: 5, epoch: "e1", oldest: 3 }]);
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
        assert.equal(await store.revisions(), { head: 6, epoch: "e1", oldest: 5 });
      }),
    );

    test(
      "a long one lets the event loop turn between its steps, and ends where it is when it is told to",
      withStore(async (store) => {
        const signals = Array.from({ length: 12_000 }, (_, n) => logged(`s${n}`, "gone-1"));
        await store.commit({ signals });
        const stop = new AbortController();
        let turns = 0;
        const turn = () => {
          turns += 1;
          if (turns === 3) stop.abort();
          else setImmediate(turn);
        };
        setImmediate(turn);
        const limits = { before: 99_999, keepSignals: 0, keepChanges: 0 };
        const dropped = await store.compact({ ...limits, signal: stop.signal });
        assert.ok(dropped > 0 && dropped < 12_000, `${dropped} dropped`);
        assert.is(await store.compact(limits), 12_000 - dropped);
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
