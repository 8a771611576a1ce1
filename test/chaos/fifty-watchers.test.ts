import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { WatchSessionsResponse } from "../../gen/ao/v1/session_service.ts";
import type { Signal } from "../../src/core/signal.ts";
import { openSilentReader } from "../server/raw-call.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { suite } from "../support/suite.ts";

const WATCHERS = 50;
const SILENT = 5;
const CHANGES = 2_000;
/** Of the daemon's old generation: what it needs by itself and a margin; with what it sends kept, it would not live. */
const HEAP_MB = 96;
const PROGRESS = 5;
const PATIENCE = { timeoutMs: 200_000, everyMs: 200 };

/** A watch of the whole log that reads when it is told to; notes what comes twice or out of turn. */
function openWatch(daemon: RealDaemon) {
  const seen = { head: 0, wrong: [] as string[] };
  const reader = openSilentReader({
    socketPath: daemon.paths.socketPath,
    path: "/ao.v1.SessionService/WatchSessions",
    token: readFileSync(daemon.paths.tokenPath, "utf8").trim(),
    // `after_revision` 0
    message: Buffer.from([0x08, 0x00]),
    onMessage: (bytes) => {
      const { revision, type } = WatchSessionsResponse.decode(bytes);
      if (type === PROGRESS) return;
      if (revision !== seen.head + 1) seen.wrong.push(`${revision} after ${seen.head}`);
      seen.head = revision;
    },
  });
  return { seen, reader };
}

/** Turns begin and end, each a change. */
async function* turns(launchId: string): AsyncGenerator<Signal[]> {
  const start = Date.now();
  for (let from = 0; from < CHANGES; from += 100) {
    yield Array.from({ length: 100 }, (_, index) => ({
      id: `turn-${from + index}`,
      launchId,
      seq: from + index + 1,
      observedTime: start + from + index,
      kind: "hook",
      harness: "demo",
      event: (from + index) % 2 === 0 ? "prompt" : "turn-end",
      fields: { prompt: "x" },
    }));
  }
}

suite("fifty watchers", ({ test }) => {
  test(
    "five of them do not read: the daemon keeps nothing for them, the others get everything, and later so do they",
    async () => {
      const daemon = await createRealDaemon({ NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` });
      const watches = Array.from({ length: WATCHERS }, () => openWatch(daemon));
      try {
        const [silent, reading] = [watches.slice(0, SILENT), watches.slice(SILENT)];
        for (const { reader } of reading) reader.resume();
        const { launchId } = await daemon.client.sessions.spawn({
          projectId: "shop",
          harness: "demo",
          prompt: "finish 1",
        });
        const pid = daemon.pid();
        for await (const acks of daemon.client.activity.stream(turns(launchId))) assert.ok(acks.length > 0);
        const { revision: head } = await daemon.client.sessions.list();
        assert.ok(head > CHANGES / 2, `only ${head} changes`);
        const complete = (some: typeof watches) => some.every(({ seen }) => seen.head >= head);
        await eventually(() => complete(reading), { ...PATIENCE, what: "everything with those who read" });
        assert.ok(silent.every(({ seen }) => seen.head === 0));
        for (const { reader } of silent) reader.resume();
        await eventually(() => complete(silent), { ...PATIENCE, what: "everything with those who did not" });
        assert.equal(
          watches.flatMap(({ seen }) => seen.wrong),
          [],
        );
        assert.is((await daemon.client.daemon.get()).pid, pid, "the same daemon all the time");
      } finally {
        for (const { reader } of watches) reader.close();
        await daemon.close();
      }
    },
    { timeoutMs: 290_000 },
  );
});
