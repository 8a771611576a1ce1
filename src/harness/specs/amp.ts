import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { WITHOUT_HOOKS } from "./without-hooks.ts";

/** Amp. Seen up to its login with 0.0.1790142911; it works with its own service alone: the rest as documented. */
export const amp: HarnessSpec = {
  id: "amp",
  displayName: "Amp",
  facts: {
    evidence: "documented",
    version: "0.0.1790142911",
    source: "how another orchestrator drives it, mid 2026; its help",
    but: {
      binary: { evidence: "seen", source: "run in a terminal without an account" },
      gates: { evidence: "seen", source: "run in a terminal without an account" },
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
    // npm's wrapper is the program itself only where install scripts may run.
    native: ["../../cli-{platform}-{arch}/amp", "../node_modules/@ampcode/cli-{platform}-{arch}/amp"],
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
  gates: [{ gate: "login", how: "named", note: "run `amp login`, or set AMP_API_KEY" }],
  screen: {
    version: "",
    gates: [
      { gate: "login", lines: 2, all: ["^Would you like to log in to Amp\\? \\[\\(y\\)es, \\(n\\)o\\]:"] },
    ],
    dialog: [],
    busy: [],
    ready: [{ lines: 12, all: ["Type a message|What can I help|^\\s*>\\s*$"] }],
  },
  keys: { interrupt: ["Escape"] },
};
