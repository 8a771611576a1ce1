import { join } from "node:path";
import fc from "fast-check";
import * as assert from "uvu/assert";
import { createStore } from "../../src/store/store.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { arbitraryLogged, arbitrarySession } from "./arbitrary.ts";
import { change, launch, logged, seed, session } from "./samples.ts";
import { type OpenedStore, storeConformance } from "./store-conformance.ts";

async function openStore(): Promise<OpenedStore> {
  await using opened = new AsyncDisposableStack();
  const dir = opened.use(tempDir());
  const store = await createStore({ databasePath: join(dir.path, "ao.db") });
  opened.defer(() => store.close());
  const all = opened.move();
  return { store, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

storeConformance("sqlite store", openStore);

suite("sqlite store: what goes in comes out", ({ test }) => {
  test("any session, also from the change log", async () => {
    await using opened = await openStore();
    const { store } = opened;
    await seed(store);
    let revision = 0;
    await fc.assert(
      fc.asyncProperty(arbitrarySession, async (fields) => {
        const one = session("shop-1", { ...fields, revision: ++revision });
        await store.commit({ sessions: [one], changes: [change(revision, one)] });
        assert.equal(await store.getSession("shop-1"), one);
        assert.equal((await store.listSessions({ limit: 1 })).rows, [one]);
        assert.equal(await store.listChanges({ after: revision - 1, limit: 1 }), [change(revision, one)]);
      }),
      { numRuns: 150 },
    );
  });

  test("any signal", async () => {
    await using opened = await openStore();
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryLogged, { minLength: 1, maxLength: 20 }), async (signals) => {
        const [head] = await opened.store.listSignals({ limit: 1, newestFirst: true });
        const run = head?.logId ?? 0;
        const fresh = signals.map((one, n) => ({ ...one, signal: { ...one.signal, id: `${run}-${n}` } }));
        const logIds = await opened.store.commit({ signals: fresh });
        const stored = await opened.store.listSignals({ afterLogId: run, limit: 100, newestFirst: false });
        assert.equal(
          stored,
          fresh.map((one, n) => ({ ...one, logId: logIds[n] })),
        );
      }),
      { numRuns: 50 },
    );
  });

  test("text with quotes, a NUL and letters of every plane", async () => {
    await using opened = await openStore();
    const { store } = opened;
    await seed(store);
    const text = 'it\'s "quoted" \0 `ü` \u{1f600} ?1 :a $b \\';
    const one = session("shop-1", { name: text, labels: { [text]: text, __proto__: "x" } });
    await store.commit({ sessions: [one], launches: [launch("l1", "shop-1", { runtimeHandle: text })] });
    assert.equal(await store.getSession("shop-1"), one);
    assert.is((await store.findSessionsByName(text)).length, 1);
    assert.is((await store.getLaunch("l1"))?.runtimeHandle, text);
    await store.commit({ signals: [logged(text, "shop-1")] });
    assert.equal(
      await store.knownSignalIds([{ launchId: "l1", id: text }]),
      new Map([["l1", new Set([text])]]),
    );
  });
});
