import { AoError } from "../core/errors.ts";
import type { Harness, Harnesses } from "../core/ports/harnesses.ts";
import { createKeyedMutex } from "../util/keyed-mutex.ts";
import { createHarness } from "./create-harness.ts";
import type { TrustedSpec, TrustedSpecs } from "./own/trusted-specs.ts";
import { releaseWorktree } from "./provision/worktree-files.ts";
import type { HarnessSpec } from "./spec.ts";
import { agy } from "./specs/agy.ts";
import { aider } from "./specs/aider.ts";
import { amp } from "./specs/amp.ts";
import { auggie } from "./specs/auggie.ts";
import { autohand } from "./specs/autohand.ts";
import { claudeCode } from "./specs/claude-code.ts";
import { cline } from "./specs/cline.ts";
import { codex } from "./specs/codex.ts";
import { continueCli } from "./specs/continue.ts";
import { copilot } from "./specs/copilot.ts";
import { crush } from "./specs/crush.ts";
import { cursor } from "./specs/cursor.ts";
import { demo } from "./specs/demo.ts";
import { devin } from "./specs/devin.ts";
import { droid } from "./specs/droid.ts";
import { gemini } from "./specs/gemini.ts";
import { goose } from "./specs/goose.ts";
import { grok } from "./specs/grok.ts";
import { kilocode } from "./specs/kilocode.ts";
import { kimchi } from "./specs/kimchi.ts";
import { kimi } from "./specs/kimi.ts";
import { kiro } from "./specs/kiro.ts";
import { muse } from "./specs/muse.ts";
import { omp } from "./specs/omp.ts";
import { opencode } from "./specs/opencode.ts";
import { pi } from "./specs/pi.ts";
import { primeAgent } from "./specs/prime-agent.ts";
import { qwen } from "./specs/qwen.ts";
import { vibe } from "./specs/vibe.ts";

/** Every harness ao ships with; adding one is one file, its import and one line here. */
export const BUILT_IN_SPECS: readonly HarnessSpec[] = [
  claudeCode,
  codex,
  opencode,
  gemini,
  qwen,
  copilot,
  kilocode,
  cline,
  cursor,
  droid,
  kimi,
  grok,
  goose,
  agy,
  devin,
  kiro,
  vibe,
  kimchi,
  primeAgent,
  autohand,
  muse,
  amp,
  crush,
  aider,
  auggie,
  continueCli,
  omp,
  pi,
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
  const releases = createKeyedMutex();
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
    // The end of a launch and the next one's start may both ask for it.
    release: (launchDir) => releases.run(launchDir, () => releaseWorktree(launchDir)),
    find,
    get(id) {
      const harness = find(id);
      if (!harness) throw new AoError("HARNESS_NOT_FOUND", { harness: id });
      return harness;
    },
  };
}

const NONE_TRUSTED: TrustedSpecs = { find: () => undefined, ids: () => [] };
