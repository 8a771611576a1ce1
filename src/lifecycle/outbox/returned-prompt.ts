import type { Harness } from "../../core/ports/harnesses.ts";
import type { TerminalLook } from "../../core/ports/runtime.ts";
import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";
import { handleOf } from "../new-launch.ts";
import { lookAtScreen } from "../screen-of.ts";
import { letters, readOwnComposer } from "./composer.ts";
import { promptsOf } from "./prompts.ts";
import { isPersonAt } from "./terminal-owner.ts";

/** Messages of a session among which one that was left in its composer is looked for. */
const MESSAGES = 20;

/**
 * Empties a composer that holds the prompt of the turn that was stopped last (claude puts it back there when it had
 * not answered yet) or a message that was typed and never submitted: another one would be appended to it. What a person
 * has typed, or has changed, is left alone.
 */
export async function clearReturnedPrompt(deps: LifecycleDeps, session: Session): Promise<void> {
  const harness = deps.harnesses.get(session.harness);
  const { keys } = harness;
  if (!keys.clear?.length || session.facts.activity.state === "active") return;
  const runtime = deps.runtimes[session.runtime];
  const look = await lookAtScreen(deps, session);
  const draft = letters(harness.readComposer(look?.text ?? "") ?? "");
  if (!look || draft === "") return;
  const [newest] = await promptsOf(deps, session);
  const isOurs =
    draft === letters(newest?.text ?? "") || (await isLeftBehind(deps, session, { harness, look, draft }));
  if (!isOurs) return;
  deps.log.info({ sessionId: session.id }, "a prompt that was given back or left behind is cleared");
  await runtime.press(handleOf(deps, session), keys.clear);
}

/** Whether the newest message that was typed in this launch got no further, or a list has made another command of it. */
async function isLeftBehind(
  deps: LifecycleDeps,
  { id, facts }: Session,
  { harness, look, draft }: { harness: Harness; look: TerminalLook; draft: string },
): Promise<boolean> {
  const { rows } = await deps.store.listMessages({ sessionId: id, limit: MESSAGES });
  const last = rows.find(({ stage, endTime }) => stage !== "queued" && endTime !== undefined);
  if (last?.stage !== "typed" || last.launchId !== facts.launchId) return false;
  if (readOwnComposer(harness, look.text, last.text) === "ours") return true;
  const isCommand = last.text.startsWith("/") && draft.startsWith("/");
  return isCommand && last.enters > 0 && !isPersonAt(look, last.typedTime);
}
