import * as assert from "uvu/assert";
import { suite } from "../../support/suite.ts";
import { facts, launch, project, session } from "../samples.ts";
import { allPages, refused, type WithStore } from "./conformance-case.ts";

/** Sessions and launches: how they are found and listed. */
export function sessionCases(name: string, withStore: WithStore): void {
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
        assert.equal(await store.listSessionIds(), ids.toReversed());
        assert.equal(await store.listSessionIds("shop"), ["shop-3", "shop-2", "shop-1"]);
        assert.equal(await store.listSessionIds("none"), []);
        const some = await store.getSessions(["shop-3", "gone-1", "api-1"]);
        assert.equal(some.map(({ id }) => id).sort(), ["api-1", "shop-3"]);
        assert.equal(await store.getSessions([]), []);
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
