import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { WITHOUT_HOOKS } from "./without-hooks.ts";

/** Aider. Not run here: facts as documented. */
export const aider: HarnessSpec = {
  id: "aider",
  displayName: "Aider",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026; vendor's options reference",
    but: {
      screen: { evidence: "assumed", source: "its prompt is a bare >" },
      keys: { evidence: "documented", source: "vendor's reference" },
    },
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
      "--no-check-update",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
    ],
    headless: [
      "{binary}",
      "--no-check-update",
      "--yes-always",
      { when: "model", args: ["--model={model}"] },
      "--message={prompt}",
    ],
    permission: { default: {}, "bypass-permissions": { args: ["--yes-always"] } },
    permissionHint: 'Aider either asks ("default") or not ("bypass-permissions"); it edits unasked in both.',
    prompt: "after_start",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  ...WITHOUT_HOOKS,
  limits: [
    "It has no hooks: ao knows that its process runs and how it ends, not what its turn does.",
    "It commits what it edits, unless your settings say otherwise.",
  ],
  gates: [
    { gate: "login", how: "hidden", note: "set the key of your provider" },
    { gate: "update", how: "skipped", note: "--no-check-update" },
  ],
  screen: {
    version: "",
    gates: [],
    dialog: [{ lines: 2, all: ["\\(Y\\)es/\\(N\\)o.*:\\s*$"] }],
    busy: [],
    ready: [{ lines: 1, all: ["^(\\w+ )?>\\s*$"] }],
  },
  keys: { interrupt: ["C-c"] },
};
