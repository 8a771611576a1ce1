import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import type { Agent } from "./agent.ts";
import { claudeCode } from "./claude-code.ts";
import { codex } from "./codex.ts";
import { opencode } from "./opencode.ts";
import { createAgentWorld } from "./world.ts";

const AO = join(import.meta.dirname, "../../bin/ao");
const RUN_MS = 600_000;

/** What the scripted model is told at each step. */
function promptsFor(agent: Agent): string[] {
  const prompts = {
    say: "SLOW 2;;SAY ready",
    tool: "RUN echo conformance;;SAY done",
    permission: `${agent.ask("touch ao-approved.txt && node -e 'setTimeout(() => 0, 1500)'")};;SAY done`,
    deny: agent.ask("touch ao-denied.txt"),
    interrupt: "HANG",
    error: "SLOW 1;;ERR 400",
    exit: agent.quit,
  };
  return Object.entries(prompts).flatMap(([step, text]) => ["--prompt", `${step}=${text}`]);
}

suite("ao harness test, with the real programs", ({ test }) => {
  for (const agent of [claudeCode, codex, opencode]) {
    test(
      agent.harness,
      async () => {
        const world = await createAgentWorld(agent);
        try {
          const args = ["harness", "test", agent.harness, "--repository", world.daemon.repository, "--json"];
          const child = await promisify(execFile)(AO, [...args, ...promptsFor(agent)], {
            env: world.environment,
            maxBuffer: 2 ** 26,
          }).catch((failed: { stdout: string }) => failed);
          const { steps, grade } = JSON.parse(child.stdout) as {
            steps: { step: string; verdict: string; detail: string }[];
            grade: string;
          };
          assert.equal(
            steps.filter(({ verdict }) => verdict !== "passed"),
            [],
          );
          assert.is(grade, "A");
        } finally {
          await world.close();
        }
      },
      { timeoutMs: RUN_MS },
    );
  }
});
