import type { HarnessSpec } from "../spec.ts";
import { UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { WITHOUT_HOOKS } from "./without-hooks.ts";

/** Auggie. Installed here, but it needs a login: facts as documented. */
export const auggie: HarnessSpec = {
  id: "auggie",
  displayName: "Auggie",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026",
    but: {
      screen: { evidence: "assumed", source: "nobody has recorded its screens" },
      launch: { evidence: "assumed", source: "its terminal form; --print is documented" },
      keys: { evidence: "assumed", source: "as in other agents" },
    },
  },
  binary: {
    names: ["auggie"],
    variable: "AO_AUGGIE_BIN",
    extraDirs: [],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { when: "model", args: ["--model={model}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    headless: ["{binary}", "--print", { when: "model", args: ["--model={model}"] }, "--", "{prompt}"],
    permission: { default: {} },
    permissionHint: 'Auggie knows its own rules alone ("default").',
    prompt: "in_command",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  ...WITHOUT_HOOKS,
  limits: ["It has no hooks: ao knows that its process runs and how it ends, not what its turn does."],
  gates: [{ gate: "login", how: "hidden", note: "run `auggie login`" }],
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
