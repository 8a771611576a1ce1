import { showsDialog } from "../../core/shows-dialog.ts";
import { ownSignal } from "../own-signals.ts";
import { lookAtScreen } from "../screen-of.ts";
import { readOwnComposer } from "./composer.ts";
import { type Delivery, liveSession, monotonicOf, pause, rest } from "./delivery.ts";
import { nextStep, reportsPrompts } from "./next-step.ts";
import { awaitAcknowledgement, isAcknowledged } from "./prompts.ts";
import type { Strike } from "./strike.ts";
import { terminalInUse } from "./terminal-owner.ts";
import { dialogOnScreen } from "./typable.ts";

const FIRST_LOOKS = 5;
/** What must never get an Enter: on an open dialog it approves the tool (seen with six of six agents). */
const DIALOG_OPENED =
  "a dialog opened before Enter; the text stands in the composer or was ignored by the dialog";

/**
 * Presses Enter until the text has left the composer, never without a look right before it; writes the stages it
 * proves. Returns why it stopped where it did, empty when the agent has acknowledged.
 *
 * `blind`: the text was typed although no composer was to be seen.
 */
export async function submit(delivery: Delivery, strike: Strike, blind: boolean): Promise<string> {
  const { deps, pace } = delivery;
  await rest(delivery, pace.settle);
  const typed = monotonicOf(delivery, delivery.message.typedTime ?? deps.clock.now());
  const finish = Math.max(delivery.deadline, typed + pace.finish);
  // After a restart the first looks may meet a screen that is just being drawn.
  const latest = performance.now() - pace.appear + FIRST_LOOKS * pace.look;
  const seen = {
    ours: false,
    since: Math.max(typed, latest),
    enterTime: 0,
    enteredDraft: undefined as string | undefined,
  };
  for (;;) {
    const session = await liveSession(delivery);
    if (await acknowledge(delivery)) return "";
    if (!session) return "the agent ended";
    const look = await lookAtScreen(deps, session);
    if (!look) return "the terminal is gone";
    const harness = delivery.deps.harnesses.get(session.harness);
    const isDialog = showsDialog(session.facts) || dialogOnScreen(delivery, session, look) !== undefined;
    // No person answers that fast: the dialog is about what was just entered, and nothing else will tell.
    if (isDialog && seen.ours && seen.enterTime > 0 && !reportsPrompts(harness)) return letGo(delivery);
    const hold = isDialog ? DIALOG_OPENED : (await terminalInUse(deps, session, look))?.message;
    if (hold) {
      if (performance.now() > finish) return tried(delivery, hold);
      seen.since = performance.now();
      await tell(delivery, hold);
      await pause(delivery, pace.look);
      continue;
    }
    const draft = harness.readComposer(look.text);
    const reading = readOwnComposer(harness, look.text, delivery.message.text);
    if (draft !== undefined) delivery.knownComposers.note(session);
    seen.ours ||= reading === "ours" || reading === "changed";
    const step = nextStep(delivery.message, {
      ...seen,
      pace,
      harness,
      reading,
      draft,
      look,
      blind,
      now: performance.now(),
    });
    switch (step.do) {
      case "submitted":
        return letGo(delivery);
      case "stop":
        return step.why;
      case "hold":
        if (performance.now() > finish) return tried(delivery, step.why);
        await tell(delivery, step.why);
        await pause(delivery, pace.look);
        break;
      case "wait":
        await pause(delivery, pace.look);
        break;
      case "press":
        if (await strike(session, { name: "enter", type: { key: "Enter" }, cursor: look.cursor })) {
          await noteEnter(delivery, reading === "unreadable" && !(blind && reportsPrompts(harness)));
          seen.enterTime = performance.now();
          seen.enteredDraft = draft;
        }
        await pause(delivery, pace.look);
    }
  }
}

/** Waits for the agent's word about a text that its composer has let go of. */
export async function letGo(delivery: Delivery): Promise<string> {
  const { stage, detail } = delivery.message;
  if (stage !== "submitted" || detail !== "") await delivery.write({ stage: "submitted", detail: "" });
  if (stage !== "submitted") await beginTurn(delivery);
  const session = await liveSession(delivery);
  if (session && !reportsPrompts(delivery.deps.harnesses.get(session.harness)))
    return "this agent does not tell that it has taken a prompt";
  const end = monotonicOf(delivery, delivery.message.updateTime) + patienceOf(delivery);
  if (!(await awaitAcknowledgement(delivery, end))) return "the agent has not reported the prompt yet";
  await delivery.write({ stage: "acknowledged" });
  return "";
}

/** A turn may be over before its screen is looked at; where that is the only witness, the message begins it. */
async function beginTurn(delivery: Delivery): Promise<void> {
  const { deps } = delivery;
  const session = await liveSession(delivery);
  if (session?.facts.activity.state !== "idle") return;
  const { showsBusy, traits } = deps.harnesses.get(session.harness);
  if (!showsBusy || traits.hooks) return;
  const fields = { reason: "its message was submitted" };
  const observedTime = deps.clock.now();
  await deps.book.report([
    ownSignal(session, { kind: "witness", meaning: "witness_active", observedTime, fields }),
  ]);
}

function patienceOf({ message: { text, whenBusy }, pace }: Delivery): number {
  return text.startsWith("/") || whenBusy === "queue" ? pace.unreported : pace.acknowledge;
}

/** Writes down that Enter was pressed. Where no composer can be read, the key is all the proof there is. */
export async function noteEnter({ deps, message, write }: Delivery, isProof: boolean): Promise<void> {
  await write({
    ...(isProof && { stage: "submitted" }),
    pendingKeys: undefined,
    enters: message.enters + 1,
    submittedTime: message.submittedTime ?? deps.clock.now(),
  });
}

async function acknowledge(delivery: Delivery): Promise<boolean> {
  const session = await delivery.deps.book.get(delivery.message.sessionId);
  if (session?.facts.launchId !== delivery.message.launchId) return false;
  if (!(await isAcknowledged(delivery, session))) return false;
  await delivery.write({ stage: "acknowledged" });
  return true;
}

/** Where Enter was pressed before, the text may be the agent's by now. */
function tried({ message: { enters } }: Delivery, why: string): string {
  return enters === 0 ? why : `${why}; Enter was pressed ${enters} times before`;
}

async function tell({ message, write }: Delivery, detail: string): Promise<void> {
  if (detail !== message.detail) await write({ detail });
}
