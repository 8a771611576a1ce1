import { AoError } from "../../core/errors.ts";
import { newMessageId } from "../../core/ids.ts";
import type { Message } from "../../core/message.ts";
import type { Session } from "../../core/session.ts";
import { showsDialog } from "../../core/shows-dialog.ts";
import { type FailPoint, noFailPoint } from "../../util/fail-point.ts";
import { createHint } from "../../util/hint.ts";
import type { SendRequest } from "../api.ts";
import type { LifecycleDeps } from "../deps.ts";
import { requireRunning } from "../lookups.ts";
import { statusOf } from "../views.ts";
import { deliver } from "./deliver.ts";
import type { Delivery } from "./delivery.ts";
import { createKnownComposers } from "./known-composers.ts";
import { PACE, type Pace } from "./pace.ts";

/**
 * Messages for agents, as a mail outbox keeps them: what was accepted is delivered, whoever asked stays or goes.
 *
 * A message is on disk before anything is typed (`queued`). Each key is written down before it goes out
 * (`pendingKeys`) and proven after it (`typed`, `submitted`, `acknowledged`); the terminal's own server types it and
 * remembers it in one step. A daemon that was killed anywhere therefore asks the terminal what became of the last key,
 * bars it for ever if it did not go out, and goes on from there: the text is never typed twice. Where the terminal is
 * gone too, the message ends with that doubt in its `detail`.
 *
 * One message at a time per session, in the order of acceptance. A message that nothing was typed of when its patience
 * ends is withdrawn, with the reason; it never comes later. Nor does it reach another launch than the one it was for.
 */
export interface Outbox {
  /** Goes on with what was open when the daemon ended. Call it once, before the first `accept`. */
  resume(): Promise<void>;
  /**
   * Takes a message; it is on disk when the promise resolves. The same request id returns the message it made. Throws
   * UNSUPPORTED, SESSION_NOT_RUNNING, SESSION_BLOCKED, REQUEST_ID_REUSED.
   */
  accept(session: Session, request: SendRequest): Promise<Message>;
  /** Waits for the message's end, at most `timeoutMs`; as it is then. Throws MESSAGE_NOT_FOUND. */
  wait(messageId: string, options: { timeoutMs: number; signal: AbortSignal }): Promise<Message>;
  /** Throws MESSAGE_NOT_FOUND. */
  get(messageId: string): Promise<Message>;
  /** Withdraws a message of which nothing was typed; false when it is too late. Idempotent. */
  cancel(messageId: string): Promise<{ message: Message; cancelled: boolean }>;
  /** Lets go of every message between two keys; they stay open. */
  stop(): Promise<void>;
}

/** A message the outbox works on. */
interface Open {
  message: Message;
  withdrawal: AbortController;
  /** Keys go out: too late to withdraw it. */
  claimed: boolean;
  done: Promise<void>;
}

export function createOutbox(
  deps: LifecycleDeps,
  options: { failPoint?: FailPoint; pace?: Pace } = {},
): Outbox {
  const { failPoint = noFailPoint, pace = PACE } = options;
  const open = new Map<string, Open>();
  /** Resolves when every message accepted for the session so far is done with. */
  const tails = new Map<string, Promise<void>>();
  const changed = createHint();
  const stopping = new AbortController();
  const knownComposers = createKnownComposers();

  const write = async (one: Open, changes: Partial<Message>) => {
    const message = { ...one.message, ...changes, updateTime: deps.clock.now() };
    await deps.store.updateMessage(message);
    one.message = message;
    changed.wake();
  };
  const begin = (message: Message) => {
    const earlier = tails.get(message.sessionId);
    const one: Open = {
      message,
      withdrawal: new AbortController(),
      claimed: message.stage !== "queued" || message.pendingKeys !== undefined,
      done: Promise.resolve(),
    };
    open.set(message.id, one);
    one.done = carry(one, earlier);
    const tail = Promise.all([earlier, one.done]).then(() => undefined);
    tails.set(message.sessionId, tail);
    void tail.then(() => {
      if (tails.get(message.sessionId) === tail) tails.delete(message.sessionId);
    });
  };

  async function carry(one: Open, earlier: Promise<void> | undefined): Promise<void> {
    const signal = AbortSignal.any([stopping.signal, one.withdrawal.signal]);
    const deadline = performance.now() + one.message.waitUntil - deps.clock.now();
    try {
      if (earlier) await write(one, { detail: "waits: earlier messages for the session come first" });
      const ending = (await isNext(one, { earlier, deadline, signal }))
        ? await deliver(deliveryOf(one, { deadline, signal }))
        : behindOthers(one.message);
      await write(one, { ...ending, endTime: deps.clock.now() });
    } catch (error) {
      if (!signal.aborted) await giveUp(one, error);
      else if (one.withdrawal.signal.aborted && !stopping.signal.aborted) await withdraw(one);
    } finally {
      open.delete(one.message.id);
      changed.wake();
    }
  }

  const deliveryOf = (one: Open, limits: Pick<Delivery, "deadline" | "signal">): Delivery => ({
    ...limits,
    deps,
    failPoint,
    pace,
    knownComposers,
    get message() {
      return one.message;
    },
    write: (changes) => write(one, changes),
    claim() {
      limits.signal.throwIfAborted();
      one.claimed = true;
    },
    unclaim() {
      one.claimed = false;
    },
  });

  /** A defect: it is logged, and the message says that it stopped. */
  async function giveUp(one: Open, error: unknown): Promise<void> {
    const { id, sessionId } = one.message;
    deps.log.error({ err: error, sessionId, message: id }, "a message could not be delivered");
    try {
      const detail = "ao failed to deliver it; see the daemon's log";
      await write(one, { detail, endTime: deps.clock.now() });
    } catch (failure) {
      // Still open on disk: the next start goes on with it.
      deps.log.error({ err: failure, sessionId, message: id }, "a message's end could not be written");
    }
  }

  async function withdraw(one: Open): Promise<void> {
    const { id, sessionId } = one.message;
    const error = new AoError("MESSAGE_WITHDRAWN", { message: id, session: sessionId });
    await write(one, { ...failureOf(error), endTime: deps.clock.now() });
  }

  const get = async (messageId: string): Promise<Message> => {
    const message = open.get(messageId)?.message ?? (await deps.store.getMessage(messageId));
    if (!message) throw new AoError("MESSAGE_NOT_FOUND", { message: messageId });
    return message;
  };

  return {
    async resume() {
      for (const message of await deps.store.listOpenMessages()) begin(message);
    },
    async accept(session, request) {
      const key = request.requestId ? `message ${request.requestId}` : `message ${newMessageId()}`;
      return deps.rowLocks.run(key, async () => {
        const known = request.requestId && (await deps.store.findMessageByRequestId(request.requestId));
        if (known) return sameMessage(known, session, request);
        checkAcceptable(deps, session);
        const message = await deps.store.insertMessage(newMessage(deps, session, request));
        failPoint("outbox:accepted");
        begin(message);
        return message;
      });
    },
    get,
    async wait(messageId, { timeoutMs, signal }) {
      const end = performance.now() + timeoutMs;
      for (;;) {
        const message = await get(messageId);
        const left = end - performance.now();
        if (message.endTime !== undefined || left <= 0 || signal.aborted) return message;
        await changed.wait(left, signal);
      }
    },
    async cancel(messageId) {
      const one = open.get(messageId);
      if (one && !one.claimed) {
        one.withdrawal.abort();
        await one.done;
      }
      const message = await get(messageId);
      return { message, cancelled: message.failure?.reason === "MESSAGE_WITHDRAWN" };
    },
    async stop() {
      stopping.abort();
      await Promise.all([...open.values()].map(({ done }) => done));
    },
  };
}

/** True when all earlier messages of the session are done with; false when its patience ended before. */
async function isNext(
  one: Open,
  wait: { earlier: Promise<void> | undefined; deadline: number; signal: AbortSignal },
): Promise<boolean> {
  // Keys of it went out before a restart: it was the first in the line.
  if (one.claimed || !wait.earlier) return true;
  let timer: NodeJS.Timeout | undefined;
  let abort = () => {};
  const late = new Promise<boolean>((resolve) => {
    const left = Math.min(Math.max(0, wait.deadline - performance.now()), 2 ** 31 - 1);
    timer = setTimeout(() => resolve(false), left);
    abort = () => resolve(true);
    wait.signal.addEventListener("abort", abort, { once: true });
  });
  try {
    const next = await Promise.race([wait.earlier.then(() => true), late]);
    wait.signal.throwIfAborted();
    return next;
  } finally {
    clearTimeout(timer);
    wait.signal.removeEventListener("abort", abort);
  }
}

function behindOthers({ sessionId }: Message): Pick<Message, "detail" | "failure"> {
  return failureOf(
    new AoError("SESSION_BUSY", { session: sessionId, status: "busy with an earlier message" }),
  );
}

function failureOf({ reason, metadata, message }: AoError): Pick<Message, "detail" | "failure"> {
  return { detail: message, failure: { reason, metadata } };
}

function sameMessage(known: Message, session: Session, { text, requestId }: SendRequest): Message {
  if (known.sessionId === session.id && known.text === text) return known;
  throw new AoError("REQUEST_ID_REUSED", { request: requestId });
}

function checkAcceptable(deps: LifecycleDeps, session: Session): void {
  if (session.runtime === "process") {
    throw new AoError("UNSUPPORTED", {
      subject: `session "${session.id}"`,
      what: "messages, because it has no terminal",
      hint: "Spawn it with `--runtime tmux` to talk to it.",
    });
  }
  requireRunning(session, statusOf(session, deps.harnesses, deps.clock.now()).status);
  if (showsDialog(session.facts)) throw new AoError("SESSION_BLOCKED", { session: session.id });
}

function newMessage(deps: LifecycleDeps, session: Session, request: SendRequest) {
  const now = deps.clock.now();
  return {
    id: newMessageId(),
    sessionId: session.id,
    launchId: session.facts.launchId,
    text: request.text,
    whenBusy: request.whenBusy,
    waitUntil: now + request.waitTimeoutMs,
    ...(request.requestId && { requestId: request.requestId }),
    stage: "queued" as const,
    enters: 0,
    detail: "",
    createTime: now,
    updateTime: now,
  };
}
