import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { WITHOUT_HOOKS } from "./without-hooks.ts";

/**
 * Crush. Not run here: facts as documented.
 *
 * Its newest documents name hooks of turns, dialogs and errors, older ones PreToolUse alone, and a name it does not know
 * is an error of its configuration: until a version is seen with them it is given none.
 */
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
  ...WITHOUT_HOOKS,
  limits: [
    "ao gives it no hooks, for their names differ from version to version: it knows that its process runs and how it ends, not what its turn does.",
    "A model is chosen in its own settings.",
  ],
  gates: [{ gate: "login", how: "hidden", note: "run `crush` once and choose a provider" }],
  screen: { version: "", gates: [], dialog: [], busy: [], ready: [{ lines: 20, all: ["Ready\\.\\.\\."] }] },
  keys: { interrupt: ["Escape"] },
};
