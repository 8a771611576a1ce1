import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { WITHOUT_HOOKS } from "./without-hooks.ts";

/**
 * Continue CLI. Facts seen with 1.5.47 (@continuedev/cli) against a mock model: it has code for hooks, but nothing calls it, and
 * its file of a session tells which directory the conversation is of, and no turn's end.
 *
 * `--resume` continues the user's newest conversation, whatever directory it was held in: never used here. `--fork`
 * takes an id, and makes a copy.
 */
export const continueCli: HarnessSpec = {
  id: "continue",
  displayName: "Continue",
  facts: {
    evidence: "seen",
    version: "1.5.47",
    source: "run against a mock model in a terminal",
  },
  binary: {
    names: ["cn"],
    variable: "AO_CONTINUE_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    headless: [
      "{binary}",
      "--print",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      "--",
      "{prompt}",
    ],
    // A prompt that stands beside it begins a conversation of its own.
    resume: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      "--fork={resume}",
    ],
    resumeBy: "copy",
    permission: { default: {}, "bypass-permissions": { args: ["--auto"] } },
    permissionHint:
      'Continue either asks by its own rules ("default") or for nothing ("bypass-permissions").',
    prompt: "in_command",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  ...WITHOUT_HOOKS,
  capabilities: { ...WITHOUT_HOOKS.capabilities, resume: true, secondWitness: true, answer: true },
  traits: { hooks: false, firstSignal: "prompt", secondWitness: true, silentAnswers: true },
  limits: [
    "It has no hooks: its turns and dialogs ao sees on its screen alone, and why a turn failed not at all.",
    "A conversation goes on as a copy with an id of its own: what it continues stays as it was.",
    "A prompt that is one of its commands, such as the word ls alone, runs the command.",
  ],
  witness: { sessions: ["{CONTINUE_GLOBAL_DIR}/sessions", "{HOME}/.continue/sessions"] },
  gates: [
    {
      gate: "login",
      how: "named",
      note: "run `cn` once and set up a model, or write ~/.continue/config.yaml",
    },
  ],
  screen: {
    version: "1.5.47",
    gates: [{ gate: "login", lines: 4, all: ["^Enter your Anthropic API key:"] }],
    dialog: [
      { lines: 5, all: ["^│\\s+(?:> )?No, and tell Continue what to do differently \\(esc\\)"] },
      {
        lines: 5,
        all: ["^│\\s+(?:↑/↓ navigate, Enter select|Type answer, Enter submit)\\s+│$"],
        asks: "question",
      },
    ],
    // A tool that runs may be put into the background.
    busy: [{ lines: 8, all: ["• esc to interrupt(?: • [^)]*)? \\)\\s*$"] }],
    ready: [{ lines: 4, all: ["^│ ● ▋?Ask anything, @ for context", "^╰─+╯\\s*$"] }],
    tellsTurns: true,
    // Between two prompts of its queue it stands for 150 ms.
    restMs: 400,
    // Its list of commands stands below.
    composer: "│ ● ([^\\n]*(?:\\n[^\\S\\n]*│[^\\n]*)*)\\n[^\\S\\n]*╰─[^\\n]*(?:\\n[^\\n│╭╰]*){1,12}$",
    // Its cursor is a letter of its own.
    composerMargin: "^[^\\S\\n]*│|│[^\\S\\n]*$|▋",
    placeholders: ["Ask anything, @ for context, / for slash commands, ! for shell mode"],
  },
  keys: { interrupt: ["Escape"], approve: ["Tab"], deny: ["Escape"], clear: ["C-u"] },
};
