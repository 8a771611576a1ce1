import { randomInt } from "node:crypto";
import { AoError } from "../../core/errors.ts";
import type { AoClient, HarnessInfo } from "../client-types.ts";
import { adviceFor } from "./advice.ts";
import { type Prompts, withNumber } from "./prompts.ts";
import { settle } from "./settle.ts";
import { type StepWorld, signalsOf } from "./step-world.ts";
import { STEP, STEPS, type StepName, type StepVerdict } from "./steps.ts";
import { followSession, TimelineError } from "./timeline.ts";
import { type Findings, whatWasThere } from "./what-was-there.ts";

/** How one step went. */
export interface StepResult {
  step: StepName;
  verdict: StepVerdict;
  detail: string;
  /** ms. */
  durationMs: number;
  /** Of a step that failed. */
  found?: Findings;
}

/** Without these there is nothing to try the others on. */
const FOUNDATIONS: readonly StepName[] = ["start", "prompt"];

/** Takes one session of the harness through every step; a step that fails never hides the others. */
export async function runConformance(run: {
  client: AoClient;
  harness: HarnessInfo;
  repository: string;
  env: Record<string, string>;
  prompts: Prompts;
  timeoutMs: number;
  onStep: (result: StepResult) => void;
  tell: (text: string) => void;
  signal: AbortSignal;
}): Promise<{ sessionId: string; results: StepResult[] }> {
  const { client, harness, env, timeoutMs, onStep, tell, signal } = run;
  const number = String(randomInt(10_000, 100_000));
  const prompts = withNumber(run.prompts, number);
  const project = await client.projects.add({ path: run.repository, id: "conformance" }, signal);
  const { id: sessionId, launchId } = await client.sessions.spawn(
    { projectId: project.id, harness: harness.id, environment: env },
    signal,
  );
  const timeline = followSession(client, sessionId);
  const at = { client, harness, sessionId, launchId, timeline };
  const world: StepWorld = { ...at, prompts, number, env, timeoutMs, tell };
  const results: StepResult[] = [];
  /** What the last step that was tried left behind is not known. */
  let anew = false;
  try {
    for (const step of STEPS) {
      signal.throwIfAborted();
      const lost = results.find((before) => FOUNDATIONS.includes(before.step) && before.verdict === "failed");
      const result: StepResult = lost
        ? { step, verdict: "skipped", detail: `because "${lost.step}" failed`, durationMs: 0 }
        : await runStep(step, world, anew);
      anew = result.verdict === "failed" || (anew && result.durationMs === 0);
      results.push(result);
      onStep(result);
    }
  } finally {
    await timeline.close();
  }
  return { sessionId, results };
}

/** Tries one step; with `anew` it begins in a new launch. */
async function runStep(step: StepName, world: StepWorld, anew: boolean): Promise<StepResult> {
  const { from, leftOut, run } = STEP[step];
  const out = leftOut?.(world);
  if (out) return { step, ...out, durationMs: 0 };
  const settled = from === "live" ? await begin(world, anew) : "";
  if (typeof settled !== "string") return { step, verdict: "skipped", ...settled, durationMs: 0 };
  const start = performance.now();
  const took = () => Math.round(performance.now() - start);
  const before = (await signalsOf(world)).length;
  try {
    const seen = await run(world);
    return {
      step,
      verdict: "passed",
      detail: [seen, settled].filter(Boolean).join("; "),
      durationMs: took(),
    };
  } catch (error) {
    if (!isVerdict(error)) throw error;
    const durationMs = took();
    const found = await whatWasThere(world, before);
    const advice = world.harness.filePath === "" ? "" : adviceFor(error, found);
    return { step, verdict: "failed", detail: error.message, durationMs, found: { ...found, advice } };
  }
}

/** What had to be done to begin, or why it cannot be begun. */
async function begin(world: StepWorld, anew: boolean): Promise<string | { detail: string }> {
  try {
    return await settle(world, { anew });
  } catch (error) {
    if (!isVerdict(error)) throw error;
    return { detail: `could not begin: ${error.message}` };
  }
}

function isVerdict(error: unknown): error is TimelineError | AoError {
  return error instanceof TimelineError || error instanceof AoError;
}
