import type * as pb from "../../gen/ao/v1/activity_service.ts";
import { answersFirstOf } from "../core/answers-first.ts";
import type { HarnessTraits } from "../core/reduce-types.ts";

/** Converts what is expected of a harness to its message. */
export function harnessTraitsToProto(traits: HarnessTraits): pb.HarnessTraits {
  return {
    hooks: traits.hooks,
    firstSignalAtPrompt: traits.firstSignal === "prompt",
    secondWitness: traits.secondWitness,
    silentAnswers: traits.silentAnswers ?? false,
    answersFirst: traits.answersFirst ?? "",
    subagentTools: [...(traits.subagentTools ?? [])],
  };
}

/** Converts a message to what is expected of a harness. */
export function harnessTraitsFromProto(message: pb.HarnessTraits): HarnessTraits {
  return {
    hooks: message.hooks,
    firstSignal: message.firstSignalAtPrompt ? "prompt" : "launch",
    secondWitness: message.secondWitness,
    silentAnswers: message.silentAnswers,
    ...answersFirstOf(message.answersFirst),
    ...(message.subagentTools.length > 0 && { subagentTools: message.subagentTools }),
  };
}
