import { AoError } from "../core/errors.ts";
import type { Harness, Harnesses } from "../core/ports/harnesses.ts";
import { createHarness } from "./create-harness.ts";
import type { TrustedSpec, TrustedSpecs } from "./own/trusted-specs.ts";
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

/**
 * Creates the registry: the given specs in their order, then those of the user's own that may run, by id.
 *
 * One of the user's that was trusted a moment ago is found; one whose trust was taken back is not.
 */
export function createHarnesses(
  specs: readonly HarnessSpec[] = BUILT_IN_SPECS,
  trusted: TrustedSpecs = NONE_TRUSTED,
): Harnesses {
  const builtIn = specs.map(createHarness);
  const byId = new Map(builtIn.map((harness) => [harness.id, harness]));
  const own = new Map<string, { of: TrustedSpec; harness: Harness }>();

  const findOwn = (id: string): Harness | undefined => {
    const found = trusted.find(id);
    if (!found) return undefined;
    const known = own.get(id);
    if (known?.of === found) return known.harness;
    const harness = createHarness(found.spec);
    own.set(id, { of: found, harness });
    return harness;
  };
  const find = (id: string) => byId.get(id) ?? findOwn(id);
  return {
    list: () => [...builtIn, ...trusted.ids().flatMap((id) => findOwn(id) ?? [])],
    release: releaseWorktree,
    find,
    get(id) {
      const harness = find(id);
      if (!harness) throw new AoError("HARNESS_NOT_FOUND", { harness: id });
      return harness;
    },
  };
}

const NONE_TRUSTED: TrustedSpecs = { find: () => undefined, ids: () => [] };
