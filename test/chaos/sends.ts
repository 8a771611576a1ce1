import { AoError } from "../../src/core/errors.ts";
import type { WhenBusy } from "../../src/core/message.ts";
import { createRandom } from "../../src/util/fail-point.ts";
import type { MessageInfo } from "../../src/wire/message.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { judgeSends, type SendsVerdict } from "./rig/judge-sends.ts";
import { startOutboxBreaker } from "./rig/outbox-breaker.ts";
import { patiently, startTerminals, type Terminals } from "./rig/terminals.ts";

export interface SendsOptions {
  seed: number;
  sends: number;
  /** Sessions at once, two senders each. */
  sessions: number;
  /** Longest time a daemon lives before it is killed. */
  calmMs: number;
  /** How long a message may wait before it is typed. */
  patienceMs: number;
  /** Called after each send. */
  onProgress?: (done: number, all: number) => void;
}

export interface SendsResult extends SendsVerdict {
  sends: number;
  sessions: number;
  seconds: number;
  deaths: Record<string, number>;
}

const SENDERS = 2;

/** Sends messages to agents that misbehave while the daemon dies, and compares every outcome with what the agents got. */
export async function runSends(options: SendsOptions): Promise<SendsResult> {
  const { seed, sends, sessions, calmMs, patienceMs } = options;
  const random = createRandom(seed);
  const started = performance.now();
  const daemon = await createRealDaemon();
  try {
    const terminals = await startTerminals(daemon, { count: sessions, seed, calm: 0 });
    const breaker = startOutboxBreaker({ daemon, random, calmMs });
    let left = sends;
    const told: Record<string, number> = {};
    const refused = (reason: string) => {
      told[reason] = (told[reason] ?? 0) + 1;
    };
    const sender = async (id: string) => {
      while (left > 0) {
        left -= 1;
        const number = sends - left;
        try {
          await sendOne({ daemon, terminals, id, random, number, patienceMs, refused });
        } catch (error) {
          left = 0;
          throw error;
        }
        options.onProgress?.(number, sends);
      }
    };
    try {
      const senders = terminals.ids.flatMap((id) => Array.from({ length: SENDERS }, () => sender(id)));
      // One that fails must not leave the others reviving agents while everything is put away.
      const failures = await Promise.allSettled(senders);
      for (const one of failures) if (one.status === "rejected") throw one.reason;
    } finally {
      await breaker.stop();
    }
    const verdict: SendsVerdict = { stages: {}, refusals: told, wrong: [], events: {} };
    for (const id of terminals.ids)
      judgeSends(verdict, { id, messages: await allMessages(daemon, id), ledger: terminals.ledger(id) });
    verdict.wrong.push(...terminals.typedIntoShells.map((text) => `a shell got: ${text}`));
    const seconds = (performance.now() - started) / 1000;
    return { ...verdict, sends, sessions, seconds, deaths: breaker.deaths };
  } finally {
    await daemon.close();
  }
}

/** One message from the first try to the answer, asked for again under the same id while the daemon is away. */
async function sendOne(given: {
  daemon: RealDaemon;
  terminals: Terminals;
  id: string;
  random: () => number;
  number: number;
  patienceMs: number;
  /** Called with the reason when nothing was typed. */
  refused: (reason: string) => void;
}): Promise<void> {
  const { daemon, terminals, id, random, number } = given;
  const text = textOf(number, random);
  const requestId = `send-${number}`;
  const whenBusy: WhenBusy = random() < 0.7 ? "wait" : "queue";
  if (random() < 0.15) await terminals.scroll(id);
  const send = () =>
    patiently(() =>
      daemon.client.sessions.send({
        sessionId: id,
        text,
        requestId,
        whenBusy,
        waitTimeoutMs: given.patienceMs,
      }),
    );
  try {
    // Two callers under one id are one message.
    await Promise.all(random() < 0.1 ? [send(), send()] : [send()]);
  } catch (error) {
    if (!(error instanceof AoError) || error.reason === "INTERNAL") throw error;
    given.refused(error.reason);
    if (error.reason !== "SESSION_BLOCKED") await terminals.revive(id);
  }
}

/** A text of its own for every message: short, of many lines, or so long that composers show a mark for it. */
function textOf(number: number, random: () => number): string {
  const head = `msg-${number}-`;
  const kind = random();
  if (kind < 0.6) return `${head} do this & that; 'please' $HOME \`id\``;
  if (kind < 0.85) return `${head} first line\n\tsecond line\n\nlast – üñí ✓ line`;
  return `${head} ${"long ".repeat(600)}\nend`;
}

async function allMessages(daemon: RealDaemon, sessionId: string): Promise<MessageInfo[]> {
  const all: MessageInfo[] = [];
  let pageToken = "";
  do {
    const page = await daemon.client.sessions.listMessages({ sessionId, pageSize: 500, pageToken });
    all.push(...page.messages);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return all;
}
