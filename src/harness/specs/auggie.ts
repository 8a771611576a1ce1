import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { TOLD_BY_SCREEN } from "./without-hooks.ts";

/** Auggie. Seen with 0.36.0 without an account: its login, its start and a turn that waits for its service, no further. */
export const auggie: HarnessSpec = {
  id: "auggie",
  displayName: "Auggie",
  facts: {
    evidence: "seen",
    version: "0.36.0",
    source: "run in a terminal without an account, up to a turn that waits for its service",
    but: {
      permission: { evidence: "documented", source: "its help" },
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
  ...TOLD_BY_SCREEN,
  limits: [
    "It has hooks, but nobody has seen what they tell: ao knows of its turns what its screen shows.",
    "How its permission dialogs look is not known: a turn that waits in one shows as working, later as unverified.",
  ],
  gates: [
    { gate: "login", how: "named", note: "run `auggie login`" },
    { gate: "welcome", how: "named", note: "its tour of the first start: run `auggie` once" },
    { gate: "indexing", how: "named", note: "each new directory is asked about: answer on its screen" },
  ],
  screen: {
    version: "0.36.0",
    gates: [
      { gate: "login", lines: 4, all: ["^\\s*→ Login to continue"] },
      { gate: "welcome", lines: 4, all: ["^\\s*→ Continue$", "Press return to continue, or esc to skip"] },
      { gate: "indexing", lines: 10, all: ["index this workspace", "Press 1/2/3/4 to select directly"] },
    ],
    dialog: [],
    busy: [{ lines: 6, all: ["^\\s*[⠀-⣿] .* • esc to interrupt\\)"] }],
    ready: [{ lines: 4, all: ["^─{20,}\\n› ?\\n─{20,}"] }],
    tellsTurns: true,
    composer: "─{20,}\\n›([^─]*)\\n─{20,}[^─]*$",
  },
  keys: { interrupt: ["Escape"] },
};
