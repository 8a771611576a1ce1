import type { HarnessSpec } from "../spec.ts";
import { UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { WITHOUT_HOOKS } from "./without-hooks.ts";

/** OMP. Not run here: facts as an orchestrator drives it. */
export const omp: HarnessSpec = {
  id: "omp",
  displayName: "OMP",
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
    names: ["omp"],
    variable: "AO_OMP_BIN",
    extraDirs: ["~/.omp/bin"],
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
    permission: { default: {} },
    permissionHint: 'OMP knows its own rules alone ("default").',
    prompt: "in_command",
    typedWhenFirst: "-@",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  ...WITHOUT_HOOKS,
  limits: ["It has no hooks: ao knows that its process runs and how it ends, not what its turn does."],
  gates: [{ gate: "login", how: "hidden", note: "run `omp` once and log in" }],
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
