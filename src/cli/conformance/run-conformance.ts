import { AoError } from "../../core/errors.ts";
import type { AoClient, HarnessInfo } from "../client-types.ts";
import type { Prompts } from "./prompts.ts";
import { RUN_STEP, STEPS, type StepName, type StepVerdict, type StepWorld } from "./steps.ts";
import { followSession, TimelineError } from "./timeline.ts";

/** How one step went. */
export interface StepResult {
  step: StepName;
  verdict: StepVerdict;
  detail: string;
  /** ms. */
  durationMs: number;
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
  signal: AbortSignal;
}): Promise<{ sessionId: string; results: StepResult[] }> {
  const { client, harness, env, prompts, timeoutMs, onStep, signal } = run;
  const project = await client.projects.add({ path: run.repository, id: "conformance" }, signal);
  const { id: sessionId } = await client.sessions.spawn(
    { projectId: project.id, harness: harness.id, environment: env },
    signal,
  );
  const timeline = followSession(client, sessionId);
  const world: StepWorld = { client, harness, sessionId, timeline, prompts, env, timeoutMs };
  const results: StepResult[] = [];
  try {
    for (const step of STEPS) {
      signal.throwIfAborted();
      const lost = results.find((before) => FOUNDATIONS.includes(before.step) && before.verdict === "failed");
      const result: StepResult = lost
        ? { step, verdict: "skipped", detail: `because "${lost.step}" failed`, durationMs: 0 }
        : await runStep(step, world);
      results.push(result);
      onStep(result);
    }
  } finally {
    await timeline.close();
  }
  return { sessionId, results };
}

async function runStep(step: StepName, world: StepWorld): Promise<StepResult> {
  const start = performance.now();
  const took = () => Math.round(performance.now() - start);
  try {
    return { step, ...(await RUN_STEP[step](world)), durationMs: took() };
  } catch (error) {
    if (!(error instanceof TimelineError) && !(error instanceof AoError)) throw error;
    return { step, verdict: "failed", detail: error.message, durationMs: took() };
  }
}
