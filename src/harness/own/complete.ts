import type { HarnessCapabilities } from "../../core/ports/harnesses.ts";
import type { HarnessTraits } from "../../core/reduce-types.ts";
import type { Meaning } from "../../core/signal.ts";
import { canAnswer } from "../answer-keys.ts";
import type { EventCase, HarnessSpec, ScreenSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD } from "../specs/hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "../specs/nested-agents.ts";
import type { HarnessFileContent } from "./schema.ts";

/** Makes the whole spec of what a file says: what it leaves out follows from the rest. */
export function completeSpec(content: HarnessFileContent): HarnessSpec {
  const { binary, launch, payload, capabilities, traits: _traits, ...rest } = content;
  return {
    ...rest,
    binary: { ...binary, variable: binary.variable ?? binaryVariable(content.id) },
    launch: { ...launch, unsetEnv: launch.unsetEnv ?? NESTED_AGENT_VARIABLES },
    payload: payload ?? CLAUDE_SHAPED_PAYLOAD,
    capabilities: { ...impliedCapabilities(content), ...capabilities },
    traits: impliedTraits(content),
    screen: impliedScreen(content),
    witness: {},
  };
}

/** The environment variable that names a harness's binary. */
export function binaryVariable(harnessId: string): string {
  return `AO_${harnessId.toUpperCase().replaceAll("-", "_")}_BIN`;
}

/** Events come first: the screen is a witness where those of an agent that has them leave something out. */
function impliedScreen({ screen, hooks }: HarnessFileContent): ScreenSpec {
  const isKnown = hooks.strategy !== "none" && screen.busy.length > 0 && screen.ready.length > 0;
  const { tellsTurns = isKnown, ...given } = screen;
  return { ...given, ...(tellsTurns && { tellsTurns }) };
}

/** An answer that no event tells of is seen on the screen, where that shows the dialog. */
function impliedTraits(content: HarnessFileContent): HarnessTraits {
  const { traits, hooks, events, screen } = content;
  const meant = meaningsOf(events);
  const untold = meant.includes("permission_request") && !meant.includes("request_answered");
  const { silentAnswers = untold && screen.dialog.length > 0, ...given } = traits;
  return {
    ...given,
    hooks: hooks.strategy !== "none",
    secondWitness: false,
    ...(silentAnswers && { silentAnswers }),
  };
}

/** What events and keys make possible. */
export function impliedCapabilities(content: HarnessFileContent): HarnessCapabilities {
  const meant = new Set(meaningsOf(content.events));
  const { launch, keys } = content;
  const resumes = launch.resume !== undefined || JSON.stringify(launch.interactive).includes("{resume}");
  return {
    hooks: content.hooks.strategy !== "none",
    permissionSignal: meant.has("permission_request"),
    turnEndSignal: meant.has("turn_end") || meant.has("notify_idle"),
    exitSignal: meant.has("conversation_end"),
    resume: resumes,
    secondWitness: false,
    answer: canAnswer(keys),
  };
}

function meaningsOf(events: Readonly<Record<string, Meaning | readonly EventCase[]>>): Meaning[] {
  return Object.values(events).flatMap((entry) =>
    typeof entry === "string" ? [entry] : entry.map((row) => row.means),
  );
}
