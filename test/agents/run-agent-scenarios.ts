import { suite } from "../support/suite.ts";
import type { Agent } from "./agent.ts";
import { AGENT_SCENARIOS } from "./scenarios.ts";
import { type AgentWorld, createAgentWorld } from "./world.ts";

const SCENARIO_MS = 300_000;

/** Runs every scenario the agent can play, one after the other in one world. */
export function runAgentScenarios(agent: Agent): void {
  suite(`${agent.harness} under ao`, (s) => {
    let world: AgentWorld;
    s.before(async () => {
      world = await createAgentWorld(agent);
    });
    for (const { name, run } of AGENT_SCENARIOS.filter(({ only }) => only?.(agent) ?? true)) {
      s.test(name, () => run(world), { timeoutMs: SCENARIO_MS });
    }
    s.test("nothing of the user's was changed, nothing is left", () => world.close(), {
      timeoutMs: SCENARIO_MS,
    });
  });
}
