import { setTimeout as sleep } from "node:timers/promises";
import { FAIL_POINTS } from "../../../src/util/fail-point.ts";
import { isAlive } from "../../../src/util/is-alive.ts";
import type { RealDaemon } from "../../support/real-daemon.ts";

/** The steps of a message at which the daemon can be told to die. */
export const OUTBOX_POINTS = FAIL_POINTS.filter((name) => name.startsWith("outbox:"));
const ARMED_MS = 6000;

export interface OutboxBreaker {
  /** Deaths by step, and at random times. */
  deaths: Record<string, number>;
  /** Resolves when an unarmed daemon is at work. */
  stop(): Promise<void>;
}

/** Kills the daemon at random times and at each step of a message in turn, until stopped. */
export function startOutboxBreaker(options: {
  daemon: RealDaemon;
  random: () => number;
  calmMs: number;
}): OutboxBreaker {
  const { daemon, random, calmMs } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const deaths: Record<string, number> = { random: 0 };
  const calm = async () => {
    await sleep(200 + random() * calmMs, undefined, { signal }).catch((error: Error) => {
      if (error.name !== "AbortError") throw error;
    });
  };
  const arm = async (point: string) => {
    await daemon.kill();
    daemon.env.AO_FAIL_POINTS = `${point}:0.4:${Math.floor(random() * 2 ** 31)}`;
    try {
      await daemon.start();
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes("did not start: SIGKILL")) throw error;
    } finally {
      delete daemon.env.AO_FAIL_POINTS;
    }
    const end = performance.now() + ARMED_MS;
    while (isAlive(daemon.pid()) && performance.now() < end && !signal.aborted) await sleep(20);
    const died = !isAlive(daemon.pid());
    deaths[died ? point : "random"] = (deaths[died ? point : "random"] ?? 0) + 1;
    await daemon.kill();
    await daemon.start();
  };
  const loop = async () => {
    for (let n = 0; !signal.aborted; n += 1) {
      await calm();
      if (signal.aborted) return;
      const point = OUTBOX_POINTS[n % (OUTBOX_POINTS.length + 1)];
      if (point) await arm(point);
      else {
        await daemon.kill();
        deaths.random = (deaths.random ?? 0) + 1;
        await daemon.start();
      }
    }
  };
  const running = loop();
  running.catch(() => stopping.abort());
  return {
    deaths,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
