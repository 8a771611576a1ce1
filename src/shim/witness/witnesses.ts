import type { WitnessSource } from "../witness-source.ts";
import { createClaudeWitness } from "./claude-witness.ts";
import { createClineWitness } from "./cline-witness.ts";
import { createCodexWitness } from "./codex-witness.ts";
import { createContinueWitness } from "./continue-witness.ts";
import { createCopilotWitness } from "./copilot-witness.ts";
import { createGeminiWitness } from "./gemini-witness.ts";
import { createGrokWitness } from "./grok-witness.ts";
import { createMessageWitness } from "./message-witness.ts";
import { createQwenWitness } from "./qwen-witness.ts";
import { createVibeWitness } from "./vibe-witness.ts";
import type { WitnessDeps } from "./witness-deps.ts";

const POLL_MS = 1_000;
const LEASE_MS = 45_000;

/**
 * The second witnesses by harness id.
 *
 * Harnesses that are not here have none; the demo agent needs none.
 * `pollMs` defaults to 1 s, `leaseMs` to 45 s.
 */
export function createWitnesses(
  deps: Pick<WitnessDeps, "clock" | "log"> & Partial<WitnessDeps>,
): Record<string, WitnessSource> {
  const all = { pollMs: POLL_MS, leaseMs: LEASE_MS, ...deps };
  return {
    "claude-code": createClaudeWitness(all),
    cline: createClineWitness(all),
    codex: createCodexWitness(all),
    continue: createContinueWitness(all),
    copilot: createCopilotWitness(all),
    gemini: createGeminiWitness(all),
    grok: createGrokWitness(all),
    kilocode: createMessageWitness("kilo", all),
    opencode: createMessageWitness("opencode", all),
    qwen: createQwenWitness(all),
    vibe: createVibeWitness(all),
  };
}
