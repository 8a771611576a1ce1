import * as z from "zod";
import { ID_PATTERN } from "../../core/ids.ts";
import type { PermissionMode } from "../../core/session.ts";
import type { SignalFields } from "../../core/signal.ts";
import type { FactArea, JsonObject, JsonValue, PayloadField } from "../spec.ts";
import { EVENT_MEANING_NAMES, EVENT_MEANINGS } from "./meanings.ts";

/**
 * The schema of a harness in a file: the same as `HarnessSpec`, less what only ao's own package can have (bundled files,
 * codex's and opencode's ways in), and with everything optional that has a value most agents share.
 *
 * Checked against the type where it is used (`complete.ts`); gen/harness.schema.json is made from it for editors.
 */
const text = z.string().max(10_000);
const word = text.min(1);
const texts = z.array(text).readonly();
const variables = z
  .record(z.string().regex(/^[A-Za-z_]\w*$/, "must be the name of a variable"), text)
  .readonly();
const pattern = word
  .refine(compiles, "must be a regular expression that JavaScript takes")
  .describe("A JavaScript regular expression, matched with flag m.");
const argument = word.refine((value) => !value.includes("\0"), "must not contain a zero character");

const FACT_AREAS = [
  "binary",
  "launch",
  "prompt",
  "permission",
  "resume",
  "hooks",
  "events",
  "gates",
  "screen",
  "keys",
] as const satisfies readonly FactArea[];
const PERMISSION_MODES = [
  "default",
  "accept-edits",
  "auto",
  "bypass-permissions",
] as const satisfies readonly PermissionMode[];

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

const json: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

const fact = {
  evidence: z.enum(["seen", "documented", "assumed"]),
  source: word.describe("Where the facts come from."),
};

const facts = z.strictObject({
  ...fact,
  version: text.default("").describe("Version of the agent the facts are about."),
  but: z
    .partialRecord(z.enum(FACT_AREAS), z.strictObject(fact))
    .optional()
    .describe("Areas that are known in another way."),
});

const binary = z.strictObject({
  names: z.array(word).min(1).readonly().describe("Names searched on PATH, in this order."),
  variable: word
    .optional()
    .describe("Environment variable that names the binary; AO_<ID>_BIN when not given."),
  extraDirs: texts.default([]).describe("Directories searched after PATH; ~ is HOME."),
  versionArgs: texts.default(["--version"]),
  versionPattern: pattern.default("(\\d+\\.\\d+\\S*)").describe("Its first group is the version."),
  strict: z.boolean().optional().describe("What does not tell a version is another program of that name."),
  native: texts.default([]).describe("Globs, relative to npm's wrapper script, of the real program."),
});

const argItem = z
  .union([
    argument,
    z.strictObject({
      when: z.enum(["prompt", "model", "resume", "permission", "hooks"]),
      args: z.array(argument).min(1).readonly(),
    }),
    z.strictObject({ insert: z.enum(["permission", "hooks", "promptWords"]) }),
  ])
  .describe(
    "One argument with {binary}, {prompt}, {model} or {resume}; arguments for when a value is set; or a list to insert.",
  );
const argItems = z.array(argItem).min(1).readonly();

const permission = z.strictObject({
  args: z.array(argument).readonly().optional(),
  headlessArgs: z.array(argument).readonly().optional(),
  env: variables.optional(),
  config: jsonObject.optional().describe("Merged into the file of hooks."),
});

const launch = z.strictObject({
  interactive: argItems.describe("Command line in a terminal."),
  headless: argItems.optional().describe("Command line without a terminal."),
  resume: argItems
    .optional()
    .describe(
      "Command line that continues a conversation, when `interactive` has no {resume}. Without {prompt} a new prompt is typed when the composer shows.",
    ),
  headlessResume: argItems.optional().describe("The same without a terminal."),
  permission: z
    .partialRecord(z.enum(PERMISSION_MODES), permission)
    .default({ default: {} })
    .describe("What each mode of `ao spawn --permission-mode` adds; a mode that is missing is refused."),
  permissionHint: word.optional().describe("What to tell who asks for a mode that is missing."),
  prompt: z
    .enum(["in_command", "after_start"])
    .default("in_command")
    .describe("after_start: typed when the composer shows."),
  typedWhenFirst: word
    .optional()
    .describe("Characters a prompt must not begin with on the command line: such a one is typed."),
  env: variables.default({}).describe("Added to the agent's environment."),
  unsetEnv: texts
    .optional()
    .describe("Taken out of it; those that say an agent runs inside another, when not given."),
  helperArgument: argument
    .optional()
    .describe("Argument of a process the agent starts for itself alone and leaves behind: ended with it."),
});

const place = z
  .enum(["launch", "worktree"])
  .describe("launch: ao's own directory; worktree: hidden from git, and taken back at the end.");
const path = word
  .regex(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\0]*$/, "must be a relative path without ..")
  .describe("Below the place; for scripts a directory, with an executable for each event.");
const hookEntries = z.strictObject({
  at: z.array(word).readonly().describe("Keys that lead to the list."),
  shape: z
    .enum(["by_event", "list"])
    .describe(
      "by_event: an object with a list for each event; list: one list, each entry names its {event}.",
    ),
  entry: jsonObject.describe(
    "An entry; {command} is the shell command that reports the event, {event} its name.",
  ),
  entryOf: z
    .record(z.string(), jsonObject)
    .optional()
    .describe("Entries of events that are written otherwise."),
});
const tomlTable = z.record(z.string().regex(/^[\w-]+$/), z.union([z.string(), z.number(), z.boolean()]));
const hookFile = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("json"),
    place,
    path,
    base: texts
      .optional()
      .describe("The user's file this one stands in for: the first there is is merged in."),
    content: jsonObject.optional().describe("What the file says beside the hooks."),
    hooks: hookEntries.optional(),
    permissionConfig: z.boolean().optional().describe("The permission mode's `config` goes in too."),
  }),
  z.strictObject({
    kind: z.literal("toml"),
    place,
    path,
    base: texts.optional(),
    table: z
      .string()
      .regex(/^[\w-]+$/, "must be the name of a TOML table")
      .describe("An entry for each event is written as [[table]]."),
    entry: tomlTable.describe(
      "Keys of an entry; {command} is the command that reports the event, {event} its name.",
    ),
    entryOf: z
      .record(z.string(), tomlTable)
      .optional()
      .describe("Entries of events that are written otherwise."),
  }),
  z.strictObject({
    kind: z.literal("scripts"),
    place,
    path,
    userScript: word.optional().describe("Runs after ours, where the agent looks in one directory only."),
  }),
]);
const mirror = z
  .strictObject({ from: texts, to: path, make: texts, expect: texts })
  .describe("A private copy of the agent's own directory: links to what is in it, and our files as its own.");
const trust = z
  .strictObject({ file: texts, folder: texts, parent: texts, env: variables })
  .describe(
    "An agent that keeps trust by directory trusts a worktree as it trusts the worktree's repository.",
  );
const hooks = z
  .discriminatedUnion("strategy", [
    z.strictObject({
      strategy: z.literal("files"),
      files: z.array(hookFile).min(1).readonly(),
      args: z
        .array(argument)
        .readonly()
        .default([])
        .describe("Arguments; {dir} is ao's directory for the launch."),
      env: variables.default({}).describe("Environment; {dir} is ao's directory for the launch."),
      hidesEnvironment: z
        .boolean()
        .optional()
        .describe("The agent keeps its environment from its hooks: their commands carry what they need."),
      mirror: mirror.optional(),
      trust: trust.optional(),
    }),
    z.strictObject({
      strategy: z.literal("environment"),
      variable: word.describe(
        "Names ao-hook, which the agent calls as `$VARIABLE HARNESS EVENT` with JSON on stdin.",
      ),
    }),
    z.strictObject({ strategy: z.literal("none") }),
  ])
  .default({ strategy: "none" })
  .describe("files: ao writes files that name its command; environment: a variable names it; none.");

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
const eventName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, "must be the name of an event: letters, digits, - _ .");
const events = z
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
const payload = z.strictObject({
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

const capabilities = z.strictObject({
  hooks: z.boolean().optional(),
  permissionSignal: z.boolean().optional(),
  turnEndSignal: z.boolean().optional(),
  exitSignal: z.boolean().optional(),
  resume: z.boolean().optional(),
  answer: z.boolean().optional(),
});

const screenPattern = z.strictObject({
  lines: z.int().min(1).max(500).describe("Only the last lines that are not blank are looked at."),
  all: z.array(pattern).min(1).readonly(),
});
const screenPatterns = z.array(screenPattern).readonly().default([]);
const gateName = z.string().regex(/^[a-z][a-z0-9_]*$/, "must be a word of a-z, 0-9 and _");
const screen = z.strictObject({
  version: text.default("").describe("Version of the agent the patterns were seen with."),
  gates: z
    .array(screenPattern.extend({ gate: gateName }))
    .readonly()
    .default([])
    .describe("Dialogs before the agent works, such as trust or login; each names its gate."),
  dialog: screenPatterns.describe("An open dialog: nothing is typed over it."),
  denial: z
    .array(screenPattern)
    .readonly()
    .optional()
    .describe("The agent asks back whether and why it is denied: `keys.confirmDenial` confirms."),
  busy: screenPatterns.describe("A running turn: never taken for ready."),
  ready: screenPatterns.describe("The empty composer: what is typed waits for it."),
  tellsTurns: z
    .boolean()
    .optional()
    .describe(
      "Whether a turn whose end no event told is over once `ready` stands and `busy` is gone, and of an agent without hooks `busy`, `dialog` and `ready` tell all its turns; true where `busy` and `ready` are given.",
    ),
  composer: pattern
    .optional()
    .describe("Its first group is the text in the composer; matched against the whole screen."),
  composerMargin: pattern
    .optional()
    .describe("What each line of the composer has beside the text, such as borders; taken out."),
  placeholders: z.array(pattern).readonly().optional().describe("Texts an empty composer shows."),
});

const keyNames = z
  .array(z.string().regex(/^[\x21-\x7e]{1,20}$/, "must be the name of a key as tmux has it"))
  .readonly();

/** What a file may say. */
export const harnessSchema = z.strictObject({
  id: z.string().regex(ID_PATTERN, "must be 1 to 63 of a-z, 0-9 and -, not beginning with -"),
  displayName: word.max(60),
  facts,
  binary,
  launch,
  hooks,
  events,
  otherEvents: z
    .array(eventName)
    .readonly()
    .default([])
    .describe("Events the agent has and ao does not install."),
  payload: payload
    .optional()
    .describe("Where fields stand in a payload; names as Claude Code has them when not given."),
  capabilities: capabilities.default({}).describe("Follows from events and keys where it is not given."),
  limits: z.array(word).readonly().default([]).describe("What ao cannot tell of it, a sentence each."),
  gates: z
    .array(z.strictObject({ gate: gateName, how: z.enum(["skipped", "named", "hidden"]), note: word }))
    .readonly()
    .default([]),
  traits: z
    .strictObject({
      firstSignal: z
        .enum(["launch", "prompt"])
        .optional()
        .describe(
          "When the first word comes: at launch, where this is not given, or only with the first prompt, as where the screen is the only witness.",
        ),
      silentAnswers: z
        .boolean()
        .optional()
        .describe(
          "No event tells that a dialog was approved: ao looks at the screen. So it is where no event means request_answered and screen.dialog is given, unless this says otherwise.",
        ),
      answersFirst: z
        .enum(["tool_start", "tool_end"])
        .optional()
        .describe(
          "Tools asked for together run only once all of their dialogs are decided; the first event of a tool that comes after that.",
        ),
      subagentTools: texts
        .optional()
        .describe("Tools that give work to subagents whose own tools carry no agent id."),
    })
    .default({}),
  screen: screen.default({ version: "", gates: [], dialog: [], busy: [], ready: [] }),
  keys: z
    .strictObject({
      interrupt: keyNames
        .default([])
        .describe("Stops a turn; names as tmux has them: Escape, C-c, Enter, y."),
      approve: keyNames.optional().describe("Approves an open permission dialog."),
      deny: keyNames.optional().describe("Denies it."),
      confirmDenial: keyNames
        .optional()
        .describe("Confirms the denial where the agent asks back, which `screen.denial` shows."),
      rows: z
        .strictObject({ approve: pattern, deny: pattern })
        .optional()
        .describe(
          "Instead of approve and deny, for dialogs that number their answers anew each time: the row of each answer, whose first group is its key.",
        ),
      clear: keyNames.optional().describe("Empties the composer."),
    })
    .default({ interrupt: [] }),
  transcriptHolds: pattern.optional(),
});

/** A file's content, checked. */
export type HarnessFileContent = z.output<typeof harnessSchema>;

function compiles(source: string): boolean {
  try {
    return new RegExp(source, "m").source !== "";
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
