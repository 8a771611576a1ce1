import type { HarnessTraits, InterpretedSignal, Reduction } from "../reduce-types.ts";
import type { Facts } from "../session.ts";
import { settleActivity } from "./activity.ts";
import { onAnswer, onDialog, onWait } from "./asking.ts";
import { onCompactEnd, onCompactStart, onConversationEnd, onConversationStart } from "./conversation.ts";
import { recorded } from "./effects.ts";
import { onEnded, onLost } from "./ended.ts";
import { noteMetadata } from "./metadata.ts";
import { against, type Effect, isFromAgent, type Observation, observe } from "./observation.ts";
import {
  alive,
  goingOn,
  onKillRequested,
  onProcessAlive,
  onProcessDead,
  onProcessExited,
  onProcessStarted,
  onProcessStopped,
  onSpawnFailed,
} from "./process.ts";
import { onScreenGate, onScreenReady } from "./screen.ts";
import {
  holdEnd,
  isSubagentsTurn,
  onChildEvent,
  onSubagentEnd,
  onSubagentStart,
  releaseEnd,
  type TurnMeaning,
} from "./subagents.ts";
import { onTool } from "./tools.ts";
import {
  onInterrupt,
  onNotifyIdle,
  onNotifyInput,
  onProgress,
  onPrompt,
  onSyntheticPrompt,
  onTurnEnd,
  onTurnFailed,
  onTurnProblem,
} from "./turn.ts";
import { isVisibleChange } from "./visible.ts";
import { onWitnessActive, onWitnessBlocked, onWitnessIdle } from "./witness.ts";

/**
 * Folds one signal into what is known of a session: the only place that decides (design §6).
 *
 * Pure. Whatever the order of delivery, older evidence never overrules newer. Outcome `applied` means, and only it
 * means, that something a client can see changed. Duplicates are the caller's to drop.
 */
export function reduce(
  facts: Facts,
  interpreted: InterpretedSignal,
  now: number,
  traits: HarnessTraits,
): Reduction {
  if (interpreted.signal.launchId !== facts.launchId) {
    return { facts, outcome: "stale_launch", rule: "R1", reason: "a signal of another launch" };
  }
  const seen = observe(facts, interpreted, { now, traits });
  const effect = decide(against(seen, noteMetadata(seen)));
  return conclude(seen, {
    ...effect,
    facts: noteConversed(settleActivity(releaseEnd(effect.facts, seen), seen), seen),
  });
}

/** Whatever began it, and whoever told: a turn leaves a conversation behind. */
function noteConversed(facts: Facts, { before, traits }: Observation): Facts {
  if (facts.conversed) return facts;
  const { promptPending, promptTyped, readyTime, activity, process } = facts;
  const hasTurn = activity.state !== "idle" && activity.state !== "exited";
  const tookPrompt = before.promptPending && !promptPending;
  // A turn may be over before anybody looks at the screen that would have told of it.
  const wasGiven = promptPending && !promptTyped && readyTime !== undefined;
  // Where nothing tells of turns, nothing tells that there was none.
  const mayHave = !traits.hooks && !traits.secondWitness && process.state === "running";
  return hasTurn || tookPrompt || wasGiven || mayHave ? { ...facts, conversed: true } : facts;
}

function conclude({ before, now, traits }: Observation, effect: Effect): Reduction {
  const { facts, rule, reason } = effect;
  const visible = isVisibleChange({ before, after: facts, now, traits });
  const outcome = visible ? "applied" : effect.superseded ? "superseded" : "recorded";
  return { facts, outcome, rule, reason };
}

function decide(seen: Observation): Effect {
  switch (seen.facts.process.state) {
    case "exited":
      return onEnded(seen);
    case "lost":
      return onLost(seen, decideLiving);
    case "starting":
      return decideLiving(isFromAgent(seen.signal) ? against(seen, alive(seen, seen.facts)) : seen);
    case "running":
      return decideLiving(goingOn(seen));
  }
}

/** The table of contents: which rule decides on what. */
function decideLiving(seen: Observation): Effect {
  const { meaning } = seen;
  switch (meaning) {
    case "process_started":
      return onProcessStarted(seen);
    case "process_exited":
      return onProcessExited(seen);
    case "process_dead":
      return onProcessDead(seen);
    case "process_alive":
      return onProcessAlive(seen);
    case "launch_requested":
      return recorded(seen, "-", "somebody asked for this launch");
    case "process_stopped":
    case "process_continued":
      return onProcessStopped(seen);
    case "kill_requested":
      return onKillRequested(seen);
    case "spawn_failed":
      return onSpawnFailed(seen);
    case "screen_ready":
      return onScreenReady(seen);
    case "screen_gate":
      return onScreenGate(seen);
    case "witness_active":
      return onWitnessActive(seen);
    case "witness_idle":
      return onWitnessIdle(seen);
    case "witness_blocked":
      return onWitnessBlocked(seen);
    case "receipt":
    case "conversation_start":
    case "conversation_end":
    case "prompt":
    case "prompt_synthetic":
    case "tool_start":
    case "tool_end":
    case "tool_batch_end":
    case "progress":
    case "permission_request":
    case "question_request":
    case "request_answered":
    case "notify_permission":
    case "notify_idle":
    case "notify_input":
    case "turn_end":
    case "turn_interrupted":
    case "turn_failed":
    case "turn_problem":
    case "limit":
    case "auth_required":
    case "subagent_start":
    case "subagent_end":
    case "compact_start":
    case "compact_end":
      return decideTurn(seen, meaning);
  }
}

function decideTurn(seen: Observation, meaning: TurnMeaning): Effect {
  return seen.speaker.kind === "child"
    ? onChildEvent(seen, meaning, seen.speaker.agentId)
    : onRootEvent(seen, meaning);
}

function onRootEvent(seen: Observation, meaning: TurnMeaning): Effect {
  switch (meaning) {
    case "receipt":
      return recorded(seen, "R10", "a sign of life");
    case "conversation_start":
      return onConversationStart(seen);
    case "conversation_end":
      return onConversationEnd(seen);
    case "prompt":
      return onPrompt(seen);
    case "prompt_synthetic":
      return onSyntheticPrompt(seen);
    case "tool_start":
    case "tool_end":
    case "tool_batch_end":
      return onTool(seen, meaning);
    case "progress":
      return onProgress(seen);
    case "permission_request":
      return onDialog(seen, "permission");
    case "question_request":
      return onDialog(seen, "question");
    case "request_answered":
      return onAnswer(seen);
    case "notify_permission":
      return recorded(seen, "R6", "a notification raises only what a request began");
    case "notify_idle":
      return onNotifyIdle(seen);
    case "notify_input":
      return onNotifyInput(seen);
    case "turn_end":
      return isSubagentsTurn(seen) ? holdEnd(seen) : onTurnEnd(seen);
    case "turn_interrupted":
      return onInterrupt(seen);
    case "turn_failed":
      return isSubagentsTurn(seen) ? holdEnd(seen) : onTurnFailed(seen);
    case "turn_problem":
      return onTurnProblem(seen);
    case "limit":
      return onWait(seen, "limit");
    case "auth_required":
      return onWait(seen, "auth");
    case "subagent_start":
      return onSubagentStart(seen, undefined);
    case "subagent_end":
      return onSubagentEnd(seen, undefined);
    case "compact_start":
      return onCompactStart(seen);
    case "compact_end":
      return onCompactEnd(seen);
  }
}
