import * as assert from "uvu/assert";
import type { Store } from "../../../src/core/ports/store.ts";
import { suite } from "../../support/suite.ts";
import { change, logged, session } from "../samples.ts";
import type { WithStore } from "./conformance-case.ts";

/** The signal log and the change log as they are read. */
export function logCases(name: string, withStore: WithStore): void {
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
        const asked = (launchId: string, ids: readonly string[]) => ids.map((id) => ({ launchId, id }));
        const known = await store.knownSignalIds([
          ...asked("l1", ["a", "b", "c"]),
          ...asked("l2", ["a", "b"]),
        ]);
        assert.equal(
          known,
          new Map([
            ["l1", new Set(["a"])],
            ["l2", new Set(["b"])],
          ]),
        );
        assert.equal(await store.knownSignalIds([]), new Map());
        const many = Array.from({ length: 5000 }, (_, n) => `n${n}`);
        const found = await store.knownSignalIds(asked("l2", [...many, "b", "b"]));
        assert.equal(found, new Map([["l2", new Set(["b"])]]));
      }),
    );

    test(
      "changes are listed after a revision, in order",
      withStore(async (store) => {
        assert.equal(await store.revisions(), { head: 0, epoch: "", oldest: 0 });
        const one = session("shop-1", { requestId: "r", revision: 1 });
        const gone = {
          revision: 3,
          epoch: "e2",
          type: "removed",
          sessionId: "shop-1",
          projectId: "shop",
          commitTime: 7,
        } as const;
        await store.commit({ changes: [change(1, one), change(2, one)] });
        await store.commit({ changes: [gone] });
        assert.equal(await store.revisions(), { head: 3, epoch: "e2", oldest: 1 });
        assert.equal(await store.listChanges({ after: 0, limit: 1 }), [change(1, one)]);
        assert.equal(await store.listChanges({ after: 1, limit: 9 }), [change(2, one), gone]);
        assert.equal(await store.listChanges({ after: 3, limit: 9 }), []);
      }),
    );
  });
}
