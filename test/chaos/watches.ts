import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { WatchSessionsRequest, WatchSessionsResponse } from "../../gen/ao/v1/session_service.ts";
import { type AoClient, createClient } from "../../src/client/client.ts";
import { watchSessions } from "../../src/client/watch.ts";
import { watchUpdateFromProto } from "../../src/client/watch-update.ts";
import { AoError } from "../../src/core/errors.ts";
import { createRandom } from "../../src/util/fail-point.ts";
import { openDuplex } from "../server/raw-call.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, makeRepository, type RealDaemon } from "../support/real-daemon.ts";
import { createFlakyProxy, type FlakyProxy } from "./rig/flaky-proxy.ts";
import { createWatchLog, type WatchLog } from "./rig/watch-log.ts";

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

interface Watcher {
  name: string;
  log: WatchLog;
  /** Times its stream ended before its time. */
  breaks(): number;
  ended: Promise<void>;
}

const PROJECTS = ["shop", "web"] as const;
const WATCH = "/ao.v1.SessionService/WatchSessions";

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
        change({ until, random, client: clientAt(daemon.paths.socketPath) }),
      ),
      restart(daemon, { until, random, calmMs: options.calmMs, tally }),
      cut(proxy, { until, random, calmMs: options.calmMs, tally }),
    ]);
    proxy.cutAfter(undefined);
    await eventually(async () => (await sessionsOf(daemon)).every(isAtRest), {
      timeoutMs: 60_000,
      what: "every agent's end",
    });
    // The last word is a change of each project, so that a filtered watch has a revision to reach.
    for (const project of PROJECTS)
      await daemon.client.sessions.update({ sessionId: `${project}-1`, name: `last of ${project}` });
    const { sessions, revision: head } = await daemon.client.sessions.list({ pageSize: 500 });
    await eventually(
      () => {
        const behind = watchers.filter(({ log }) => (log.revision() ?? 0) < head);
        if (behind.length === 0) return true;
        throw new Error(behind.map(({ name, log }) => `${name} at ${log.revision()}`).join());
      },
      { timeoutMs: 60_000, what: `revision ${head} on every watch` },
    );
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
        ...differences(name, log, name.endsWith("of a project") ? sessions.filter(isOfWeb) : sessions),
      ]),
    };
  } finally {
    stop.abort();
    for (const client of clients) client.close();
    await proxy[Symbol.asyncDispose]();
    await daemon.close();
  }
}

const sessionsOf = async ({ client }: RealDaemon) => (await client.sessions.list({ pageSize: 500 })).sessions;
const isAtRest = ({ status }: Sessions[number]) => status !== "starting" && status !== "working";

type Sessions = Awaited<ReturnType<AoClient["sessions"]["list"]>>["sessions"];
const isOfWeb = ({ projectId }: Sessions[number]) => projectId === "web";

function differences(name: string, { folded }: WatchLog, sessions: Sessions): string[] {
  // What is derived when it is read (its reason counts seconds) has no revision of its own.
  const plain = ({ restore: _, statusReason: __, ...session }: Sessions[number]) => JSON.stringify(session);
  const told = [...folded.values()].map(plain).sort();
  const listed = sessions.map(plain).sort();
  const missing = listed.filter((session) => !told.includes(session));
  const extra = told.filter((session) => !listed.includes(session));
  return [
    ...missing.slice(0, 3).map((session) => `${name} does not believe ${session}`),
    ...extra.slice(0, 3).map((session) => `${name} believes ${session}`),
  ];
}

/** Two projects; sessions without a terminal, whose agents end at once. */
async function fill(daemon: RealDaemon): Promise<void> {
  const repository = join(daemon.repository, "../web");
  makeRepository(repository);
  await daemon.client.projects.add({ path: repository, id: "web" });
  for (let n = 0; n < 3; n += 1) for (const project of PROJECTS) await spawn(daemon.client, project);
}

const spawn = (client: AoClient, projectId: string) =>
  client.sessions.spawn({ projectId, harness: "demo", prompt: "finish 1", runtime: "process" });

interface During {
  until: number;
  random: () => number;
}

/** Renames, spawns and removes sessions all the time; what a dead daemon did not do is not done again. */
async function change(during: During & { client: AoClient }): Promise<void> {
  const { random, client } = during;
  const one = async (n: number) => {
    const project = PROJECTS[Math.floor(random() * 2)] as string;
    if (n % 40 === 0) await spawn(client, project);
    else if (n % 90 === 50) await remove(client, project);
    else await client.sessions.update({ sessionId: `${project}-1`, name: `${project} ${n}` });
  };
  for (let n = 1; performance.now() < during.until; n += 1) {
    await one(n).catch(ignoreBreaks);
    await sleep(random() * 10);
  }
}

/** The newest session of the project that is not its first. */
async function remove(client: AoClient, projectId: string): Promise<void> {
  const { sessions } = await client.sessions.list({ projectId });
  const newest = sessions.find(({ id }) => id !== `${projectId}-1`);
  if (!newest) return;
  await client.sessions.kill({ sessionId: newest.id, graceMs: 100 });
  await client.sessions.remove(newest.id);
}

async function restart(
  daemon: RealDaemon,
  during: During & { calmMs: number; tally: { killed: number; stopped: number } },
): Promise<void> {
  const { random, tally } = during;
  while (performance.now() < during.until) {
    await sleep(during.calmMs * (0.3 + 0.7 * random()));
    if (random() < 0.5) {
      await daemon.kill();
      tally.killed += 1;
    } else {
      await daemon.stop();
      tally.stopped += 1;
    }
    await daemon.start();
  }
}

/** Cuts connections at once, or after some bytes: in the middle of a snapshot, of a message, of a frame. */
async function cut(
  proxy: FlakyProxy,
  during: During & { calmMs: number; tally: { cuts: number } },
): Promise<void> {
  while (performance.now() < during.until) {
    await sleep((during.calmMs / 3) * during.random());
    if (during.random() < 0.5) proxy.cut();
    else proxy.cutAfter(Math.floor(during.random() * 20_000));
    during.tally.cuts += 1;
  }
}

/** What a program uses: the client's own resuming watch. */
function resumesByItself(name: string, client: AoClient, signal: AbortSignal, projectId?: string): Watcher {
  const log = createWatchLog(name, { projectId });
  let breaks = 0;
  const run = async () => {
    for (;;) {
      try {
        const options = {
          afterRevision: log.revision(),
          projectId,
          onDisconnect: () => {
            breaks += 1;
          },
        };
        for await (const update of watchSessions(client.sessions, options, signal)) log.take(update);
      } catch (error) {
        if (signal.aborted) return;
        // It fails only where its very first connection did.
        ignoreBreaks(error);
        if (log.revision() === undefined) log.take({ type: "reset", reason: "DAEMON_UNREACHABLE" });
      }
    }
  };
  return { name, log, breaks: () => breaks, ended: run() };
}

/** Cancels its stream after a while, in a snapshot too, and resumes by hand as any client can. */
function givesUp(
  name: string,
  options: { client: AoClient; signal: AbortSignal; random: () => number },
): Watcher {
  const { client, signal, random } = options;
  const log = createWatchLog(name);
  let breaks = 0;
  const run = async () => {
    while (!signal.aborted) {
      const giveUp = new AbortController();
      const timer = setTimeout(() => giveUp.abort(), 1 + random() * random() * 500);
      try {
        const any = AbortSignal.any([signal, giveUp.signal]);
        for await (const update of client.sessions.watch({ afterRevision: log.revision() }, any))
          log.take(update);
      } catch (error) {
        if (!giveUp.signal.aborted && !signal.aborted) ignoreBreaks(error);
      } finally {
        clearTimeout(timer);
      }
      breaks += 1;
      if (log.revision() === undefined) log.take({ type: "reset", reason: "DAEMON_STOPPING" });
      await sleep(5);
    }
  };
  return { name, log, breaks: () => breaks, ended: run() };
}

/** A stream whose deadline passes, over bare gRPC, decoded from bytes. */
function hasDeadlines(
  name: string,
  options: { socketPath: string; token: string; signal: AbortSignal; random: () => number },
): Watcher {
  const { socketPath, token, signal, random } = options;
  const log = createWatchLog(name);
  let breaks = 0;
  const one = () =>
    new Promise<void>((resolve) => {
      const { call, close } = openDuplex(socketPath, WATCH, token, 5 + random() * 500);
      const end = () => {
        signal.removeEventListener("abort", end);
        close();
        resolve();
      };
      signal.addEventListener("abort", end, { once: true });
      call.on("data", (bytes: Buffer) => log.take(watchUpdateFromProto(WatchSessionsResponse.decode(bytes))));
      call.on("status", end);
      const request = WatchSessionsRequest.fromPartial({ afterRevision: log.revision() });
      call.write(Buffer.from(WatchSessionsRequest.encode(request).finish()));
      call.end();
    });
  const run = async () => {
    while (!signal.aborted) {
      await one();
      breaks += 1;
      if (log.revision() === undefined) log.take({ type: "reset", reason: "DAEMON_STOPPING" });
      await sleep(5);
    }
  };
  return { name, log, breaks: () => breaks, ended: run() };
}

/** What a client sees of a daemon that is away; a removed or half-made session is no wonder either. */
function ignoreBreaks(error: unknown): void {
  if (!(error instanceof AoError) && !(error instanceof Error && "reason" in error)) throw error;
  const { reason } = error as AoError;
  const passing = [
    "DAEMON_UNREACHABLE",
    "DAEMON_STOPPING",
    "SESSION_NOT_FOUND",
    "SPAWN_FAILED",
    "KILL_FAILED",
  ];
  if (!passing.includes(reason)) throw error;
}
