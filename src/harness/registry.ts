import { AoError } from "../core/errors.ts";
import type { Harnesses } from "../core/ports/harnesses.ts";
import { createHarness } from "./create-harness.ts";
import { releaseWorktree } from "./provision/worktree-files.ts";
import type { HarnessSpec } from "./spec.ts";
import { claudeCode } from "./specs/claude-code.ts";
import { codex } from "./specs/codex.ts";
import { copilot } from "./specs/copilot.ts";
import { demo } from "./specs/demo.ts";
import { gemini } from "./specs/gemini.ts";
import { opencode } from "./specs/opencode.ts";
import { qwen } from "./specs/qwen.ts";

/** Every harness ao ships with; adding one is one file and one line here. */
export const BUILT_IN_SPECS: readonly HarnessSpec[] = [
  claudeCode,
  codex,
  opencode,
  gemini,
  qwen,
  copilot,
  demo,
];

/** Creates the registry of the given specs, in their order. */
export function createHarnesses(specs: readonly HarnessSpec[] = BUILT_IN_SPECS): Harnesses {
  const all = specs.map(createHarness);
  const byId = new Map(all.map((harness) => [harness.id, harness]));
  return {
    list: () => all,
    release: releaseWorktree,
    find: (id) => byId.get(id),
    get(id) {
      const harness = byId.get(id);
      if (!harness) throw new AoError("HARNESS_NOT_FOUND", { harness: id });
      return harness;
    },
  };
}
