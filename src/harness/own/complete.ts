import type { HarnessCapabilities } from "../../core/ports/harnesses.ts";
import type { HarnessTraits } from "../../core/reduce-types.ts";
import type { Meaning } from "../../core/signal.ts";
import { canAnswer } from "../answer-keys.ts";
import { hasResumeCase } from "../command-line.ts";
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

/** The screen is a witness: of what the events of an agent that has them leave out, else of all its turns. */
function impliedScreen({ screen }: HarnessFileContent): ScreenSpec {
  const isKnown = screen.busy.length > 0 && screen.ready.length > 0;
  const { tellsTurns = isKnown, ...given } = screen;
  return { ...given, ...(tellsTurns && { tellsTurns }) };
}

/** An answer that no event tells of is seen on the screen, where that shows the dialog. */
function impliedTraits(content: HarnessFileContent): HarnessTraits {
  const { traits, hooks, events, screen } = content;
  const meant = meaningsOf(events);
  const isWitnessed = isScreenTheWitness(content);
  const untold = isWitnessed || meant.includes("permission_request");
  const isSilent = untold && !meant.includes("request_answered") && screen.dialog.length > 0;
  const { silentAnswers = isSilent, firstSignal = isWitnessed ? "prompt" : "launch", ...given } = traits;
  return {
    ...given,
    firstSignal,
    hooks: hooks.strategy !== "none",
    secondWitness: isWitnessed,
    ...(silentAnswers && { silentAnswers }),
  };
}

/** Of an agent without hooks the screen tells all that is told. */
function isScreenTheWitness(content: HarnessFileContent): boolean {
  return content.hooks.strategy === "none" && impliedScreen(content).tellsTurns === true;
}

/** What events and keys make possible. */
export function impliedCapabilities(content: HarnessFileContent): HarnessCapabilities {
  const meant = new Set(meaningsOf(content.events));
  const { launch, keys } = content;
  const resumes =
    launch.resume !== undefined ||
    hasResumeCase(launch.interactive) ||
    JSON.stringify(launch.interactive).includes("{resume}");
  return {
    hooks: content.hooks.strategy !== "none",
    permissionSignal: meant.has("permission_request"),
    turnEndSignal: meant.has("turn_end") || meant.has("notify_idle"),
    exitSignal: meant.has("conversation_end"),
    resume: resumes,
    secondWitness: isScreenTheWitness(content),
    answer: canAnswer(keys),
  };
}

function meaningsOf(events: Readonly<Record<string, Meaning | readonly EventCase[]>>): Meaning[] {
  return Object.values(events).flatMap((entry) =>
    typeof entry === "string" ? [entry] : entry.map((row) => row.means),
  );
}
