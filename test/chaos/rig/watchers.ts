import { setTimeout as sleep } from "node:timers/promises";
import { WatchSessionsRequest, WatchSessionsResponse } from "../../../gen/ao/v1/session_service.ts";
import type { AoClient } from "../../../src/client/client.ts";
import { watchSessions } from "../../../src/client/watch.ts";
import { watchUpdateFromProto } from "../../../src/client/watch-update.ts";
import { openDuplex } from "../../server/raw-call.ts";
import { ignoreAbsence } from "./ignore-absence.ts";
import { createWatchLog, type WatchLog } from "./watch-log.ts";

/** One way to watch, with what it was told. */
export interface Watcher {
  name: string;
  log: WatchLog;
  /** Times its stream ended before its time. */
  breaks(): number;
  ended: Promise<void>;
}

const WATCH = "/ao.v1.SessionService/WatchSessions";
/** How a stream ends here: CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE. */
const EXPECTED: ReadonlySet<number> = new Set([1, 4, 14]);

/** What a program uses: the client's own resuming watch. */
export function resumesByItself(
  name: string,
  client: AoClient,
  signal: AbortSignal,
  projectId?: string,
): Watcher {
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
        ignoreAbsence(error);
        if (log.revision() === undefined) log.take({ type: "reset", reason: "DAEMON_UNREACHABLE" });
      }
    }
  };
  return { name, log, breaks: () => breaks, ended: run() };
}

/** Cancels its stream after a while, in a snapshot too, and resumes by hand as any client can. */
export function givesUp(
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
        if (!giveUp.signal.aborted && !signal.aborted) ignoreAbsence(error);
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
export function hasDeadlines(
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
      call.on("status", ({ code, details }: { code: number; details: string }) => {
        if (!EXPECTED.has(code)) log.wrong.push(`${name}: a stream ended with ${code}, ${details}`);
        end();
      });
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
