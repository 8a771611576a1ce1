import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import type { Agent } from "./agent.ts";
import { createAgentWorld } from "./world.ts";

const AO = join(import.meta.dirname, "../../bin/ao");
const RUN_MS = 600_000;

interface Report {
  version: string;
  grade: string;
  steps: { step: string; verdict: string; detail: string; durationMs: number }[];
}

/** Takes the agent through `ao harness test`, as its user would: every step must pass, but for what it cannot do. */
export function runConformanceOf(agent: Agent): void {
  suite(`ao harness test ${agent.harness}, with the real program`, ({ test }) => {
    test(
      agent.harness,
      async () => {
        const world = await createAgentWorld(agent);
        try {
          const { repository } = world.daemon;
          const args = [
            "harness",
            "test",
            agent.harness,
            "--repository",
            repository,
            "--json",
            ...keptIn(agent),
          ];
          const { stdout, stderr } = await promisify(execFile)(AO, [...args, ...promptsFor(agent)], {
            env: world.environment,
            maxBuffer: 2 ** 26,
          }).catch((failed: { stdout: string; stderr: string }) => failed);
          assert.ok(stdout.startsWith("{"), stderr);
          const { steps, grade, version } = JSON.parse(stdout) as Report;
          process.stdout.write(`${agent.harness} ${version}: ${grade}\n${steps.map(tell).join("")}`);
          const { cannot = [] } = agent;
          assert.equal(
            steps.filter(
              ({ step, verdict }) => verdict !== (cannot.includes(step) ? "unsupported" : "passed"),
            ),
            [],
          );
          const passed = steps.flatMap(({ step, verdict }) => (verdict === "passed" ? [step] : []));
          if (passed.includes("resume")) toldItsModel(agent, { requests: world.model.requests, passed });
          assert.is(grade, cannot.length > 0 ? "B" : "A");
        } finally {
          await world.close();
        }
      },
      { timeoutMs: RUN_MS },
    );
  });
}

/** What each step said that must be in the conversation that goes on. */
const SAID: Readonly<Record<string, RegExp>> = {
  prompt: /SAY ready \d{5}/,
  tool: /RUN echo conformance/,
  deny: /touch ao-denied\.txt/,
};

/** The conversation that went on was the whole one, but for what the agent leaves out: its model was told of the steps before. */
function toldItsModel(
  { forgetsResumed = [] }: Agent,
  { requests, passed }: { requests: readonly string[]; passed: readonly string[] },
): void {
  const last = requests.findLast((request) => request.includes("RECALL")) ?? "";
  for (const [step, said] of Object.entries(SAID)) {
    if (!passed.includes(step)) continue;
    const isTold = said.test(last);
    if (forgetsResumed.includes(step))
      assert.not(isTold, `"${step}" is told after all: it is forgotten no more`);
    else assert.ok(isTold, `the conversation that went on knows of "${step}"`);
  }
}

/** AO_TEST_RECORDINGS names a directory where recordings stay. */
function keptIn({ harness }: Agent): string[] {
  const dir = process.env.AO_TEST_RECORDINGS;
  return dir ? ["--output", join(dir, `${harness}.jsonl`)] : [];
}

/** What the scripted model is told at each step. */
function promptsFor(agent: Agent): string[] {
  const prompts = {
    say: "SLOW 2;;SAY ready {number}",
    tool: "RUN echo conformance;;SAY done",
    permission: `${agent.ask("touch ao-approved.txt && node -e 'setTimeout(() => 0, 1500)'")};;SAY done`,
    deny: agent.ask("touch ao-denied.txt"),
    interrupt: "HANG",
    error: "SLOW 1;;ERR 400",
    exit: agent.quit,
    resume: "SLOW 2;;RECALL",
  };
  return Object.entries(prompts).flatMap(([step, text]) => ["--prompt", `${step}=${text}`]);
}

function tell({ step, verdict, detail, durationMs }: Report["steps"][number]): string {
  return `  ${step.padEnd(11)}${verdict.padEnd(12)}${(durationMs / 1000).toFixed(1).padStart(5)} s  ${detail}\n`;
}
