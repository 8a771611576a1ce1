import type { HarnessSpec } from "../spec.ts";
import { UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { WITHOUT_HOOKS } from "./without-hooks.ts";

/** Pi. Not run here: facts as an orchestrator drives it. */
export const pi: HarnessSpec = {
  id: "pi",
  displayName: "Pi",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026",
    but: {
      screen: { evidence: "assumed", source: "nobody has recorded its screens" },
      keys: { evidence: "assumed", source: "as in other agents" },
    },
  },
  binary: {
    names: ["pi"],
    variable: "AO_PI_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { when: "model", args: ["--model={model}"] },
      { when: "prompt", args: ["{prompt}"] },
    ],
    headless: ["{binary}", "--print", { when: "model", args: ["--model={model}"] }, "{prompt}"],
    permission: { default: {} },
    permissionHint: 'Pi asks nobody: it knows "default" alone.',
    prompt: "in_command",
    typedWhenFirst: "-@",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  ...WITHOUT_HOOKS,
  limits: ["It has no hooks: ao knows that its process runs and how it ends, not what its turn does."],
  gates: [{ gate: "login", how: "hidden", note: "run `pi` once and log in" }],
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
