import type { Harnesses } from "../../core/ports/harnesses.ts";
import type { LoggedSignal } from "../../core/ports/store.ts";
import type { Launch, Session } from "../../core/session.ts";
import { ownSignal } from "../own-signals.ts";
import { statusOf } from "../views.ts";

/**
 * The log's word that a launch was asked for, written with the fresh facts: whoever reads the log alone can tell where
 * a launch begins and how.
 */
export function launchRequested(
  session: Session,
  launch: Launch,
  { harnesses, now }: { harnesses: Harnesses; now: number },
): LoggedSignal {
  const { facts } = session;
  const signal = ownSignal(session, {
    kind: "request",
    meaning: "launch_requested",
    observedTime: facts.launchTime,
    fields: {
      ...(facts.promptPending && { type: "prompt" }),
      ...(facts.headless && { source: "headless" }),
      ...(facts.title !== "" && { prompt: facts.title }),
    },
  });
  return {
    signal,
    sessionId: session.id,
    outcome: "recorded",
    rule: "-",
    reason: `launch ${launch.number} was asked for${facts.promptPending ? ", with a prompt" : ""}`,
    statusAfter: statusOf(session, harnesses, now).status,
    commitTime: now,
  };
}
