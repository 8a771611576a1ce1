import * as z from "zod";
import type { SignalFields } from "../../core/signal.ts";
import type { PayloadField } from "../spec.ts";
import { EVENT_MEANING_NAMES, EVENT_MEANINGS } from "./meanings.ts";
import { text, texts, word } from "./schema-values.ts";

/** Every field of a signal; one that is missing here does not compile. */
const SIGNAL_FIELDS: Readonly<Record<keyof SignalFields, true>> = {
  nativeSessionId: true,
  parentSessionId: true,
  agentId: true,
  toolName: true,
  toolUseId: true,
  toolInputDigest: true,
  requestId: true,
  reason: true,
  source: true,
  type: true,
  prompt: true,
  message: true,
  backgroundTasks: true,
  transcriptPath: true,
  cwd: true,
  pid: true,
  pidStartTicks: true,
  exitCode: true,
  exitSignal: true,
  partial: true,
};
const signalField = z.enum(Object.keys(SIGNAL_FIELDS) as (keyof SignalFields)[]);

const condition = z.union([
  z.strictObject({ field: signalField, equals: text }),
  z.strictObject({ field: signalField, in: z.array(text).min(1).readonly() }),
  z.strictObject({ field: signalField, startsWith: word }),
  z.strictObject({ field: signalField, contains: word }),
  z.strictObject({ field: signalField, present: z.boolean() }),
]);
const meaning = z
  .enum(EVENT_MEANING_NAMES)
  .describe(EVENT_MEANING_NAMES.map((name) => `${name}: ${EVENT_MEANINGS[name]}`).join("\n"));
const eventCase = z.strictObject({ when: z.array(condition).min(1).readonly().optional(), means: meaning });
/** The name of an event of the agent's. */
export const eventName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, "must be the name of an event: letters, digits, - _ .");
/** What each event means. */
export const events = z
  .record(eventName, z.union([meaning, z.array(eventCase).min(1).readonly()]))
  .default({})
  .describe("Every event the agent is told to report, and what it means.");

/** Where one field stands. */
const found = (what: string) => texts.optional().describe(what);
const payloadFields = {
  nativeSessionId: found("The conversation's id: the {resume} of the next launch."),
  parentSessionId: found("The conversation this one is a subagent's of."),
  agentId: found("Set: the event is a subagent's. Leave it out where the root agent is named, too."),
  toolName: found("The tool that is asked for, begins or ends."),
  toolUseId: found("The id that a tool's events share."),
  requestId: found("The id of a permission or question request."),
  reason: found("Why a turn or a conversation ended."),
  source: found("Why a conversation began."),
  type: found("What kind of notice it is."),
  prompt: found("What the person typed."),
  message: found("The last message of the agent, or the text of a notice."),
  transcriptPath: found("The file the conversation is written to."),
  cwd: found("The agent's working directory."),
} satisfies Readonly<Record<PayloadField, z.ZodType>>;

/** Where fields stand in what a hook is given. */
export const payload = z.strictObject({
  fields: z
    .strictObject(payloadFields)
    .describe(
      "Paths such as `session_id` or `tool.id`, the first that is set wins; what is not listed is not read.",
    ),
  toolInput: texts
    .default([])
    .describe("Where the tool's input stands: its digest matches a dialog with its tool where no id does."),
  toolInputIgnored: texts
    .default([])
    .describe("Keys of the input that differ between a request and the tool's own events."),
  backgroundTasks: texts
    .default([])
    .describe("Where the list of background tasks stands; those whose `status` is running are counted."),
});
