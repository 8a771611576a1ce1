import * as z from "zod";
import { ID_PATTERN } from "../../core/ids.ts";
import type { ResumeBy } from "../../core/ports/harnesses.ts";
import type { PermissionMode } from "../../core/session.ts";
import type { FactArea } from "../spec.ts";
import { eventName, events, payload } from "./events-schema.ts";
import { hooks } from "./hooks-schema.ts";
import { argument, jsonObject, pattern, text, texts, variables, word } from "./schema-values.ts";
import { gateName, screen } from "./screen-schema.ts";

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
const RESUME_BY = ["id", "copy", "directory"] as const satisfies readonly ResumeBy[];
const PERMISSION_MODES = [
  "default",
  "accept-edits",
  "auto",
  "bypass-permissions",
] as const satisfies readonly PermissionMode[];

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
  resumeBy: z
    .enum(RESUME_BY)
    .optional()
    .describe(
      "What the next launch continues. id, when not given: the conversation {resume} names. copy: a copy of it, with an id of its own. directory: without an id, the last conversation of the directory the program is started in; not of the user, wherever that was.",
    ),
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

const capabilities = z.strictObject({
  hooks: z.boolean().optional(),
  permissionSignal: z.boolean().optional(),
  turnEndSignal: z.boolean().optional(),
  exitSignal: z.boolean().optional(),
  resume: z.boolean().optional(),
  answer: z.boolean().optional(),
});

const keyNames = z
  .array(z.string().regex(/^[\x21-\x7e]{1,20}$/, "must be the name of a key as tmux has it"))
  .readonly();

/**
 * The schema of a harness in a file: the same as `HarnessSpec`, less what only ao's own package can have (bundled files,
 * codex's and opencode's ways in), and with everything optional that has a value most agents share.
 *
 * Checked against the type where it is used (`complete.ts`); gen/harness.schema.json is made from it for editors.
 */
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
        .describe(
          "Tools that give work to subagents whose own tools carry no agent id; where subagent_start tells of one, a turn's end until its subagent_end is its own.",
        ),
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
