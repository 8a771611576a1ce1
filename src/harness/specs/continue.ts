import type { HarnessSpec } from "../spec.ts";
import { UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { WITHOUT_HOOKS } from "./without-hooks.ts";

/** Continue CLI. Run here without a terminal: 1.5.47 has code for hooks, but nothing calls it. */
export const continueCli: HarnessSpec = {
  id: "continue",
  displayName: "Continue",
  facts: {
    evidence: "documented",
    version: "1.5.47",
    source: "how another orchestrator drives it, mid 2026",
    but: {
      hooks: { evidence: "seen", source: "none fired, run against a mock model" },
      screen: { evidence: "assumed", source: "nobody has recorded its screens" },
      keys: { evidence: "assumed", source: "as in other agents" },
    },
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
    permission: { default: {}, "bypass-permissions": { args: ["--auto"] } },
    permissionHint:
      'Continue either asks by its own rules ("default") or for nothing ("bypass-permissions").',
    prompt: "in_command",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  ...WITHOUT_HOOKS,
  limits: ["It has no hooks: ao knows that its process runs and how it ends, not what its turn does."],
  gates: [{ gate: "login", how: "hidden", note: "run `cn` once and set up a model" }],
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
