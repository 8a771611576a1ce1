import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AoClient, createClient } from "../../src/client/client.ts";
import { createRandom } from "../../src/util/fail-point.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, makeRepository, type RealDaemon } from "../support/real-daemon.ts";
import { createFlakyProxy } from "./rig/flaky-proxy.ts";
import { type Sessions, watchDifferences } from "./rig/watch-differences.ts";
import {
  changeSessions,
  cutConnections,
  PROJECTS,
  restartDaemon,
  spawnFinisher,
} from "./rig/watch-trouble.ts";
import { givesUp, hasDeadlines, resumesByItself, type Watcher } from "./rig/watchers.ts";

export interface WatchesOptions {
  seed: number;
  /** How long sessions change and everything breaks. */
  seconds: number;
  /** Longest time between two restarts of the daemon, and between two cut connections. */
  calmMs: number;
}

export interface WatchesResult {
  seed: number;
  head: number;
  restarts: { killed: number; stopped: number };
  cuts: number;
  watchers: { name: string; changes: number; snapshots: number; breaks: number }[];
  /** What some watcher should not have seen, and sessions it believes to be otherwise than ListSessions says. */
  wrong: string[];
}

/** Watches sessions in every way while the daemon dies, connections are cut and streams are given up, and compares. */
export async function runWatches(options: WatchesOptions): Promise<WatchesResult> {
  const random = createRandom(options.seed);
  const daemon = await createRealDaemon();
  const stop = new AbortController();
  const proxyPath = join(daemon.paths.runDir, "p.sock");
  const proxy = await createFlakyProxy({ socketPath: proxyPath, target: daemon.paths.socketPath });
  const token = readFileSync(daemon.paths.tokenPath, "utf8").trim();
  const clients: AoClient[] = [];
  const clientAt = (socketPath: string) => {
    const client = createClient({ socketPath, token });
    clients.push(client);
    return client;
  };
  try {
    await fill(daemon);
    const through = { socketPath: proxy.socketPath, token, signal: stop.signal, random };
    const watchers = [
      resumesByItself("client/watch", clientAt(proxy.socketPath), stop.signal),
      resumesByItself("client/watch of a project", clientAt(proxy.socketPath), stop.signal, "web"),
      givesUp("cancels", { ...through, client: clientAt(proxy.socketPath) }),
      hasDeadlines("deadlines", through),
    ];
    const until = performance.now() + options.seconds * 1000;
    const tally = { killed: 0, stopped: 0, cuts: 0 };
    await Promise.all([
      ...Array.from({ length: 4 }, () =>
        changeSessions({ until, random, client: clientAt(daemon.paths.socketPath) }),
      ),
      restartDaemon(daemon, { until, random, calmMs: options.calmMs, tally }),
      cutConnections(proxy, { until, random, calmMs: options.calmMs, tally }),
    ]);
    proxy.cutAfter(undefined);
    const { sessions, revision: head } = await settle(daemon, watchers);
    stop.abort();
    await Promise.all(watchers.map(({ ended }) => ended));
    return {
      seed: options.seed,
      head,
      restarts: { killed: tally.killed, stopped: tally.stopped },
      cuts: tally.cuts,
      watchers: watchers.map(({ name, log, breaks }) => ({
        name,
        changes: log.changes(),
        snapshots: log.snapshots(),
        breaks: breaks(),
      })),
      wrong: watchers.flatMap(({ name, log }) => [
        ...log.wrong,
        ...watchDifferences(name, log, name.endsWith("of a project") ? sessions.filter(isOfWeb) : sessions),
      ]),
    };
  } finally {
    stop.abort();
    for (const client of clients) client.close();
    await proxy[Symbol.asyncDispose]();
    await daemon.close();
  }
}

/** Waits until nothing changes any more and every watcher has been told so; what is listed then. */
async function settle(daemon: RealDaemon, watchers: readonly Watcher[]) {
  await eventually(async () => (await sessionsOf(daemon)).every(isAtRest), {
    timeoutMs: 60_000,
    what: "every agent's end",
  });
  // The last word is a change of each project, so that a filtered watch has a revision to reach.
  for (const project of PROJECTS)
    await daemon.client.sessions.update({ sessionId: `${project}-1`, name: `last of ${project}` });
  const listed = await daemon.client.sessions.list({ pageSize: 500 });
  await eventually(
    () => {
      const behind = watchers.filter(({ log }) => (log.revision() ?? 0) < listed.revision);
      if (behind.length === 0) return true;
      throw new Error(behind.map(({ name, log }) => `${name} at ${log.revision()}`).join());
    },
    { timeoutMs: 60_000, what: `revision ${listed.revision} on every watch` },
  );
  return listed;
}

const sessionsOf = async ({ client }: RealDaemon) => (await client.sessions.list({ pageSize: 500 })).sessions;
const isAtRest = ({ status }: Sessions[number]) => status !== "starting" && status !== "working";

const isOfWeb = ({ projectId }: Sessions[number]) => projectId === "web";

/** Two projects; sessions without a terminal, whose agents end at once. */
async function fill(daemon: RealDaemon): Promise<void> {
  const repository = join(daemon.repository, "../web");
  makeRepository(repository);
  await daemon.client.projects.add({ path: repository, id: "web" });
  for (let n = 0; n < 3; n += 1) for (const project of PROJECTS) await spawnFinisher(daemon.client, project);
}
