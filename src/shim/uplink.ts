import { readFile } from "node:fs/promises";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { type Channel, ChannelCredentials, connectivityState } from "@grpc/grpc-js";
import { createChannel, createClient, Metadata } from "nice-grpc";
import type * as pb from "../../gen/ao/v1/activity.ts";
import { ActivityServiceDefinition, type StreamActivityRequest } from "../../gen/ao/v1/activity_service.ts";
import type { Signal } from "../core/signal.ts";
import type { FailPoint } from "../util/fail-point.ts";
import type { Hint } from "../util/hint.ts";
import type { Log } from "../util/log.ts";
import { signalOutcomes, signalToProto } from "../wire/signal.ts";
import { BATCH_SIGNALS, type Outbox } from "./outbox.ts";

/** A message over 4 MiB would end the stream, again and again: far less than that in one. */
const MESSAGE_CHARACTERS = 500_000;
const FIRST_BACKOFF_MS = 50;
const LAST_BACKOFF_MS = 1000;
/** How often a channel that says nothing is asked how it is. */
const ASK_MS = 1000;

/** The one stream to the daemon. */
export interface Uplink {
  /** Sends until `signal` aborts; connects again for ever. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Creates the uplink over StreamActivity.
 *
 * The stream has no deadline: it is meant to stay open, and a daemon that hangs leaves every signal where it is, in the
 * spool. The token is read anew for each stream. `wake` tells that the outbox may have something.
 */
export function createUplink(deps: {
  socketPath: string;
  tokenPath: string;
  outbox: Outbox;
  wake: Hint;
  log: Log;
  failPoint: FailPoint;
}): Uplink {
  const { outbox, log } = deps;
  const channel = createChannel(`unix://${deps.socketPath}`, ChannelCredentials.createInsecure(), {
    "grpc.initial_reconnect_backoff_ms": FIRST_BACKOFF_MS,
    "grpc.min_reconnect_backoff_ms": FIRST_BACKOFF_MS,
    "grpc.max_reconnect_backoff_ms": LAST_BACKOFF_MS / 2,
    "grpc.enable_http_proxy": 0,
  });
  const client = createClient(ActivityServiceDefinition, channel);
  let backoffMs = FIRST_BACKOFF_MS;
  let lastProblem = "";

  async function stream(signal: AbortSignal): Promise<void> {
    await connected(channel, signal);
    const token = (await readFile(deps.tokenPath, "utf8")).trim();
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    try {
      const metadata = new Metadata([["authorization", `Bearer ${token}`]]);
      for await (const { acks } of client.streamActivity(
        requests({ outbox, wake: deps.wake, failPoint: deps.failPoint }, either),
        {
          metadata,
          signal: either,
        },
      )) {
        if (lastProblem) log.info({}, "the daemon answers again");
        lastProblem = "";
        backoffMs = FIRST_BACKOFF_MS;
        for (const { outcome, ...ack } of acks)
          outbox.acknowledge({ ...ack, outcome: signalOutcomes.fromProto(outcome) });
      }
    } finally {
      ended.abort();
    }
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        try {
          await stream(signal);
        } catch (error) {
          if (signal.aborted) break;
          const problem = error instanceof Error ? error.message : String(error);
          // For ever means often: each problem is told once.
          if (problem !== lastProblem) log.warn({ problem }, "no stream to the daemon; trying on");
          lastProblem = problem;
        }
        await sleep(backoffMs, undefined, { signal }).catch(ignoreAbort);
        backoffMs = Math.min(backoffMs * 2, LAST_BACKOFF_MS);
      }
      channel.close();
    },
  };
}

/** Waits until the channel is connected; it goes on trying by itself. Throws when `signal` aborts. */
async function connected(channel: Channel, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        signal.removeEventListener("abort", done);
        resolve();
      };
      signal.addEventListener("abort", done, { once: true });
      channel.watchConnectivityState(state, Date.now() + ASK_MS, done);
    });
  }
}

/** What one stream sends: first what earlier ones did not get acknowledged, then what is new. */
async function* requests(
  { outbox, wake, failPoint }: { outbox: Outbox; wake: Hint; failPoint: FailPoint },
  signal: AbortSignal,
): AsyncGenerator<StreamActivityRequest> {
  const number = createNumbering();
  const messages = (signals: readonly Signal[]) =>
    inMessages(signals).map((batch) => ({ signals: batch.map((one) => number(one)) }));
  for (const batch of inMessages(outbox.unacknowledged())) {
    const waiting = batch.filter((one) => outbox.awaits(one));
    if (waiting.length > 0) yield { signals: waiting.map((one) => number(one)) };
  }
  while (!signal.aborted) {
    const signals = outbox.next();
    if (signals.length > 0) {
      for (const message of messages(signals)) {
        yield message;
        failPoint("shim:sent");
      }
    } else {
      await wake.wait(60_000, signal);
      // One read of inotify wakes once per file: all of them go in one message.
      await nextTurn();
    }
  }
}

/** Gives each signal its position within the stream and launch, from 1. */
function createNumbering(): (signal: Signal) => pb.Signal {
  const last = new Map<string, number>();
  return (signal) => {
    const seq = (last.get(signal.launchId) ?? 0) + 1;
    last.set(signal.launchId, seq);
    return signalToProto({ ...signal, seq });
  };
}

/** Cuts signals into messages small enough to send. */
export function inMessages(signals: readonly Signal[]): Signal[][] {
  const messages: Signal[][] = [];
  let current: Signal[] = [];
  let characters = 0;
  for (const signal of signals) {
    const size = sizeOf(signal);
    if (current.length >= BATCH_SIGNALS || (current.length > 0 && characters + size > MESSAGE_CHARACTERS)) {
      messages.push(current);
      current = [];
      characters = 0;
    }
    current.push(signal);
    characters += size;
  }
  return current.length > 0 ? [...messages, current] : messages;
}

function sizeOf(signal: Signal): number {
  let characters = 200;
  for (const value of Object.values(signal.fields)) if (typeof value === "string") characters += value.length;
  return characters;
}

function ignoreAbort(error: Error): void {
  if (error.name !== "AbortError") throw error;
}
