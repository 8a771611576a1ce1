import { setTimeout as sleep } from "node:timers/promises";
import type { AoClient } from "../../../src/client/client.ts";
import type { RealDaemon } from "../../support/real-daemon.ts";
import type { FlakyProxy } from "./flaky-proxy.ts";
import { ignoreAbsence } from "./ignore-absence.ts";

export const PROJECTS = ["shop", "web"] as const;

/** Spawns a session without a terminal whose agent ends at once. */
export const spawnFinisher = (client: AoClient, projectId: string) =>
  client.sessions.spawn({ projectId, harness: "demo", prompt: "finish 1", runtime: "process" });

/** How long, and with which dice. */
export interface During {
  until: number;
  random: () => number;
}

/** Renames, spawns and removes sessions all the time; what a dead daemon did not do is not done again. */
export async function changeSessions(during: During & { client: AoClient }): Promise<void> {
  const { random, client } = during;
  const one = async (n: number) => {
    const project = PROJECTS[Math.floor(random() * 2)] as string;
    if (n % 40 === 0) await spawnFinisher(client, project);
    else if (n % 90 === 50) await remove(client, project);
    else await client.sessions.update({ sessionId: `${project}-1`, name: `${project} ${n}` });
  };
  for (let n = 1; performance.now() < during.until; n += 1) {
    await one(n).catch(ignoreAbsence);
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

/** Kills the daemon, or stops it as a person does, and starts it again. */
export async function restartDaemon(
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
export async function cutConnections(
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
