import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { WITHOUT_HOOKS } from "./without-hooks.ts";

/** Amp. Installed here, but it works with its own service alone: facts as documented. */
export const amp: HarnessSpec = {
  id: "amp",
  displayName: "Amp",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026",
    but: {
      screen: { evidence: "assumed", source: "the texts its orchestrator waits for" },
      keys: { evidence: "assumed", source: "as in other agents" },
    },
  },
  binary: {
    names: ["amp"],
    variable: "AO_AMP_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: ["{binary}", { insert: "permission" }, { when: "model", args: ["--mode={model}"] }],
    headless: [
      "{binary}",
      { insert: "permission" },
      { when: "model", args: ["--mode={model}"] },
      "--execute={prompt}",
    ],
    permission: { default: {}, "bypass-permissions": { args: ["--dangerously-allow-all"] } },
    permissionHint: 'Amp either asks by its own rules ("default") or for nothing ("bypass-permissions").',
    prompt: "after_start",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  ...WITHOUT_HOOKS,
  limits: [
    "It has no hooks: ao knows that its process runs and how it ends, not what its turn does.",
    "What is called a model elsewhere is its mode: low, medium, high, ultra.",
  ],
  gates: [{ gate: "login", how: "hidden", note: "run `amp login`" }],
  screen: {
    version: "",
    gates: [],
    dialog: [],
    busy: [],
    ready: [{ lines: 12, all: ["Type a message|What can I help|^\\s*>\\s*$"] }],
  },
  keys: { interrupt: ["Escape"] },
};
