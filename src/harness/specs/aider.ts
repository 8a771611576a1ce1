import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { TOLD_BY_SCREEN } from "./without-hooks.ts";

/** Its conversation of a worktree stands in the worktree, whatever file the user's own settings name for all of them. */
const HISTORY = "--chat-history-file=.aider.chat.history.md";
const FLAGS = ["--no-check-update", "--no-gitignore", HISTORY];

/** Aider. Facts seen with 0.86.2 (PyPI) against a mock model unless a line says otherwise. */
export const aider: HarnessSpec = {
  id: "aider",
  displayName: "Aider",
  facts: {
    evidence: "seen",
    version: "0.86.2",
    source: "run against a mock model in a terminal",
  },
  binary: {
    names: ["aider"],
    variable: "AO_AIDER_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      ...FLAGS,
      { when: "resume", args: ["--restore-chat-history"] },
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
    ],
    headless: [
      "{binary}",
      ...FLAGS,
      { when: "resume", args: ["--restore-chat-history"] },
      "--yes-always",
      { when: "model", args: ["--model={model}"] },
      "--message={prompt}",
    ],
    resumeBy: "directory",
    permission: { default: {}, "bypass-permissions": { args: ["--yes-always"] } },
    permissionHint: 'Aider either asks ("default") or not ("bypass-permissions"); it edits unasked in both.',
    prompt: "after_start",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  ...TOLD_BY_SCREEN,
  capabilities: { ...TOLD_BY_SCREEN.capabilities, resume: true, answer: true },
  traits: { ...TOLD_BY_SCREEN.traits, silentAnswers: true },
  limits: [
    "It has no hooks: its turns and dialogs ao sees on its screen alone, and why a turn failed not at all.",
    "Its conversation is kept in the worktree, in .aider.chat.history.md, and goes on as far as that file has it.",
    "It commits what it edits, unless your settings say otherwise.",
  ],
  gates: [
    { gate: "login", how: "hidden", note: "set the key of your provider" },
    { gate: "update", how: "skipped", note: "--no-check-update" },
    // It would ask in every worktree, and change a file that is the repository's.
    { gate: "gitignore", how: "skipped", note: "--no-gitignore" },
    { gate: "model_warning", how: "named", note: "answer on its screen, or set show-model-warnings: false" },
  ],
  screen: {
    version: "0.86.2",
    gates: [{ gate: "model_warning", lines: 2, all: ["Open documentation url for more info\\?"] }],
    // Answered, it stands above what comes of it.
    dialog: [{ lines: 1, all: ["\\(Y\\)es/\\(N\\)o.*:\\s*$"] }],
    busy: [
      { lines: 1, all: ["^ *[░█#=]{1,2} +Waiting for "] },
      { lines: 1, all: ["^Running \\S"] },
    ],
    // The edit format or mode stands before it: "diff>", "ask>".
    ready: [{ lines: 1, all: ["^[\\w -]*>\\s*$"] }],
    tellsTurns: true,
    // It prints its composer once, when the turn is over.
    restMs: 100,
  },
  keys: { interrupt: ["C-c"], approve: ["y", "Enter"], deny: ["n", "Enter"] },
};
