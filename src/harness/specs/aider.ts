import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { WITHOUT_HOOKS } from "./without-hooks.ts";

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
    but: { keys: { evidence: "documented", source: "vendor's reference" } },
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
  ...WITHOUT_HOOKS,
  capabilities: { ...WITHOUT_HOOKS.capabilities, resume: true },
  limits: [
    "It has no hooks: ao knows that its process runs and how it ends, not what its turn does.",
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
    dialog: [{ lines: 2, all: ["\\(Y\\)es/\\(N\\)o.*:\\s*$"] }],
    busy: [],
    ready: [{ lines: 1, all: ["^(\\w+ )?>\\s*$"] }],
  },
  keys: { interrupt: ["C-c"] },
};
