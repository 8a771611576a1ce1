import type { Session } from "../core/session.ts";
import type { LifecycleDeps } from "./deps.ts";
import { handleOf } from "./new-launch.ts";
import { letters } from "./outbox/composer.ts";
import { promptsOf } from "./outbox/prompts.ts";

const LINES = 60;

/**
 * Empties a composer that holds the prompt of the turn that was stopped last: claude puts it back there when it had
 * not answered yet, and a message would be appended to it. What a person has typed is left alone.
 */
export async function clearReturnedPrompt(deps: LifecycleDeps, session: Session): Promise<void> {
  const { keys, readComposer } = deps.harnesses.get(session.harness);
  if (!keys.clear?.length || session.facts.activity.state === "active") return;
  const runtime = deps.runtimes[session.runtime];
  const screen = await runtime.capture(handleOf(deps, session), LINES);
  const draft = letters(readComposer(screen ?? "") ?? "");
  if (draft === "") return;
  const [newest] = await promptsOf(deps, session);
  if (draft !== letters(newest?.text ?? "")) return;
  deps.log.info({ sessionId: session.id }, "the stopped turn's prompt is cleared from the composer");
  await runtime.press(handleOf(deps, session), keys.clear);
}
