import { readFileSync } from "node:fs";
import { createClient } from "../../../src/client/client.ts";
import { watchSessions } from "../../../src/client/watch.ts";
import { eventually } from "../../support/eventually.ts";
import type { RealDaemon } from "../../support/real-daemon.ts";

/** What a self-resuming watch saw. */
export interface Revisions {
  seen: number;
  /** Descriptions of what should not have come, at most 20. */
  wrong: string[];
  disconnects: number;
  head(): number;
  /** Waits until `revision` was seen, then ends. */
  finish(revision: number): Promise<void>;
}

/** Watches every revision from the first on with one client that outlives all daemons. */
export function watchRevisions(daemon: RealDaemon): Revisions {
  const token = readFileSync(daemon.paths.tokenPath, "utf8").trim();
  const client = createClient({ socketPath: daemon.paths.socketPath, token });
  const stop = new AbortController();
  let head = 0;
  const revisions: Revisions = {
    seen: 0,
    wrong: [],
    disconnects: 0,
    head: () => head,
    async finish(revision) {
      try {
        await Promise.race([
          eventually(() => head >= revision, {
            timeoutMs: 30_000,
            what: `revision ${revision} on the watch`,
          }),
          failed,
        ]);
      } finally {
        stop.abort();
        await ended;
        client.close();
      }
    },
  };
  const note = (problem: string) => revisions.wrong.length < 20 && revisions.wrong.push(problem);
  const run = async () => {
    const onDisconnect = () => {
      revisions.disconnects += 1;
    };
    for await (const update of watchSessions(
      client.sessions,
      { afterRevision: 0, onDisconnect },
      stop.signal,
    )) {
      switch (update.type) {
        case "reset":
          note(`reset after ${head}: ${update.reason}`);
          break;
        case "changed":
        case "removed":
          revisions.seen += 1;
          if (update.revision !== head + 1) note(`${update.revision} after ${head}`);
          head = update.revision;
          break;
        case "progress":
          if (update.revision > head) note(`progress says ${update.revision} after ${head}`);
          break;
        case "snapshot":
        case "snapshot_end":
          note(`${update.type} after ${head}`);
          break;
      }
    }
  };
  const failed = run().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  const ended = failed.then(
    () => undefined,
    () => undefined,
  );
  return revisions;
}
