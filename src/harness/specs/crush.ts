import type { HarnessSpec } from "../spec.ts";
import { NO_PAYLOAD } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/** Crush. Not run here: facts as documented. */
export const crush: HarnessSpec = {
  id: "crush",
  displayName: "Crush",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026",
    but: {
      screen: { evidence: "assumed", source: "the text its orchestrator waits for" },
      keys: { evidence: "assumed", source: "as in other agents" },
    },
  },
  binary: {
    names: ["crush"],
    variable: "AO_CRUSH_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: ["{binary}", { insert: "permission" }],
    headless: ["{binary}", "run", "--", "{prompt}"],
    permission: { default: {}, "bypass-permissions": { args: ["--yolo"] } },
    permissionHint: 'Crush either asks by its own rules ("default") or for nothing ("bypass-permissions").',
    prompt: "after_start",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: { strategy: "none" },
  events: {},
  otherEvents: [],
  payload: NO_PAYLOAD,
  capabilities: {
    hooks: false,
    permissionSignal: false,
    turnEndSignal: false,
    exitSignal: false,
    resume: false,
    secondWitness: false,
    answer: false,
  },
  limits: [
    "It has no hooks: ao knows that its process runs and how it ends, not what its turn does.",
    "A model is chosen in its own settings.",
  ],
  gates: [{ gate: "login", how: "hidden", note: "run `crush` once and choose a provider" }],
  traits: { hooks: false, firstSignal: "launch", secondWitness: false },
  witness: {},
  screen: { version: "", gates: [], dialog: [], busy: [], ready: [{ lines: 20, all: ["Ready\\.\\.\\."] }] },
  keys: { interrupt: ["Escape"] },
};
