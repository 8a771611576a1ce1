import type { Session } from "../core/session.ts";
import type { LifecycleDeps } from "./deps.ts";
import { handleOf } from "./new-launch.ts";

const LINES = 60;
/** Signals of a launch looked through for its newest prompt. */
const SIGNALS = 200;

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
  if (draft === "" || draft !== letters((await newestPrompt(deps, session)) ?? "")) return;
  deps.log.info({ sessionId: session.id }, "the stopped turn's prompt is cleared from the composer");
  await runtime.press(handleOf(deps, session), keys.clear);
}

async function newestPrompt(
  deps: LifecycleDeps,
  { id, harness, facts }: Session,
): Promise<string | undefined> {
  const { interpret } = deps.harnesses.get(harness);
  const rows = await deps.store.listSignals({
    sessionId: id,
    launchId: facts.launchId,
    limit: SIGNALS,
    newestFirst: true,
  });
  const told = rows.find(
    ({ signal: { kind, event, fields } }) =>
      (kind === "hook" || kind === "report") && !fields.agentId && interpret(event, fields) === "prompt",
  );
  return told?.signal.fields.prompt;
}

/** A composer wraps and indents its lines. */
function letters(text: string): string {
  return text.replace(/\s+/g, "");
}
