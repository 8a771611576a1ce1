import * as assert from "uvu/assert";
import type { NewMessage } from "../../../src/core/message.ts";
import { suite } from "../../support/suite.ts";
import { session } from "../samples.ts";
import { allPages, refused, type WithStore } from "./conformance-case.ts";

const message = (id: string, fields: Partial<NewMessage> = {}): NewMessage => ({
  id,
  sessionId: "shop-1",
  launchId: "l1",
  text: `it's\0 ${id}\n`,
  whenBusy: "wait",
  waitUntil: 9000,
  stage: "queued",
  enters: 0,
  detail: "",
  createTime: 1000,
  updateTime: 1000,
  ...fields,
});

/** The outbox. */
export function messageCases(name: string, withStore: WithStore): void {
  suite(`${name}: messages`, ({ test }) => {
    test(
      "come back as they were written, in the order of acceptance",
      withStore(async (store) => {
        await store.commit({ sessions: [session("shop-1"), session("shop-2")] });
        const one = await store.insertMessage(message("m-1", { requestId: "r1" }));
        const two = await store.insertMessage(message("m-2"));
        const other = await store.insertMessage(message("m-3", { sessionId: "shop-2" }));
        assert.ok(one.order < two.order && two.order < other.order);
        assert.equal(await store.getMessage("m-1"), one);
        assert.equal(await store.findMessageByRequestId("r1"), one);
        assert.is(await store.findMessageByRequestId("r2"), undefined);
        assert.is(await store.getMessage("m-9"), undefined);
        assert.equal(await store.listOpenMessages(), [one, two, other]);
        const pages = (after?: string) => store.listMessages({ sessionId: "shop-1", limit: 1, after });
        assert.equal(await allPages(pages), [two, one]);
        await refused(
          store.listMessages({ sessionId: "shop-1", limit: 1, after: "x" }),
          "INVALID_PAGE_TOKEN",
        );
      }),
    );

    test(
      "change, and are open until they have an end",
      withStore(async (store) => {
        await store.commit({ sessions: [session("shop-1")] });
        const one = await store.insertMessage(message("m-1"));
        const typed = {
          ...one,
          stage: "typed" as const,
          pendingKeys: "m-1-enter",
          typedTime: 1500,
          enters: 1,
        };
        await store.updateMessage(typed);
        assert.equal(await store.getMessage("m-1"), typed);
        const failure = {
          reason: "SESSION_BUSY" as const,
          metadata: { session: "shop-1", status: "working" },
        };
        const { pendingKeys: _, ...rest } = typed;
        const ended = {
          ...rest,
          detail: "why",
          failure,
          submittedTime: 1700,
          endTime: 2000,
          updateTime: 2000,
        };
        await store.updateMessage(ended);
        assert.equal(await store.getMessage("m-1"), ended);
        assert.equal(await store.listOpenMessages(), []);
      }),
    );

    test(
      "a request id makes one message, a message needs a session and goes with it",
      withStore(async (store) => {
        await store.commit({ sessions: [session("shop-1")] });
        await store.insertMessage(message("m-1", { requestId: "r1" }));
        await refused(store.insertMessage(message("m-2", { requestId: "r1" })));
        await refused(store.insertMessage(message("m-1")));
        await refused(store.insertMessage(message("m-3", { sessionId: "gone-1" })));
        await store.commit({ removedSessionIds: ["shop-1"] });
        assert.is(await store.getMessage("m-1"), undefined);
      }),
    );

    test(
      "compaction drops what ended long ago, never what is open",
      withStore(async (store) => {
        await store.commit({ sessions: [session("shop-1")] });
        await store.insertMessage(message("m-old", { endTime: 1000 }));
        await store.insertMessage(message("m-new", { endTime: 3000 }));
        await store.insertMessage(message("m-open"));
        assert.is(await store.compact({ before: 2000, keepSignals: 9, keepChanges: 9 }), 1);
        const left = await store.listMessages({ sessionId: "shop-1", limit: 9 });
        assert.equal(
          left.rows.map(({ id }) => id),
          ["m-open", "m-new"],
        );
      }),
    );
  });
}
