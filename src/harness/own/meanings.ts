import type { EventMeaning } from "../../core/signal.ts";

/** When to use each meaning, for whoever writes the event table of an agent; README.md shows the same. */
export const EVENT_MEANINGS: Readonly<Record<EventMeaning, string>> = {
  conversation_start:
    "A conversation begins, is resumed, cleared or compacted; its id makes `resume` possible.",
  conversation_end: "The conversation ends; the process may live on.",
  prompt: "A person's prompt is taken: the turn begins.",
  prompt_synthetic:
    "A prompt no person wrote, such as a finished background task: the turn begins or goes on.",
  progress: "Anything that happens only while a turn runs, such as a call of the model.",
  tool_start: "A tool is about to be used. Never take it for a permission dialog.",
  tool_end: "A tool ended, well or not; it also closes the dialog that asked for it.",
  tool_batch_end: "All tools of one answer of the model ended.",
  permission_request: "A permission dialog is open: `needs_input`.",
  question_request: "A question to the person is open: `needs_input`.",
  request_answered: "A dialog was answered, either way: the turn goes on.",
  turn_end: "The turn is over: `idle`.",
  turn_interrupted: "A person stopped the turn: `idle`.",
  turn_failed: "The turn ended with an error: `idle`, with the error.",
  turn_problem: "The turn met an error; another event tells its end.",
  notify_permission:
    "A notice that a permission is wanted, beside `permission_request`; alone it raises nothing.",
  notify_idle: "A notice that the agent sits at its prompt: the turn is over, in case its end was lost.",
  notify_input: "A notice that the agent asks for the next instruction.",
  limit: "A usage limit stops the agent: `needs_input`.",
  auth_required: "The agent wants a login: `needs_input`.",
  subagent_start: "A subagent begins.",
  subagent_end: "A subagent ends; the turn goes on.",
  compact_start: "The conversation is being compacted: `working`.",
  compact_end: "Compacting is done.",
  witness_active: "The agent's own record says that its turn runs.",
  witness_idle: "The agent's own record says that its turn is over.",
  witness_blocked: "The agent's own record says that a dialog is open.",
  receipt: "Nothing but proof that the agent lives.",
};

/** The meanings, in the order people read them. */
export const EVENT_MEANING_NAMES = Object.keys(EVENT_MEANINGS) as [EventMeaning, ...EventMeaning[]];
