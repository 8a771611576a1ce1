import { suite } from "../support/suite.ts";
import type { Agent } from "./agent.ts";
import { DEATH_SCENARIOS } from "./death-scenarios.ts";
import { AGENT_SCENARIOS } from "./scenarios.ts";
import { type AgentWorld, createAgentWorld } from "./world.ts";

const SCENARIO_MS = 500_000;

/** Runs every scenario the agent can play, one after the other in one world. */
export function runAgentScenarios(agent: Agent): void {
  suite(`${agent.harness} under ao`, (s) => {
    let world: AgentWorld;
    s.before(async () => {
      world = await createAgentWorld(agent);
    });
    const all = [...AGENT_SCENARIOS, ...DEATH_SCENARIOS];
    // One alone: AO_TEST_SCENARIO holds a part of its name.
    const wanted = process.env.AO_TEST_SCENARIO ?? "";
    const chosen = all.filter(({ name, only }) => name.includes(wanted) && (only?.(agent) ?? true));
    for (const { name, run } of chosen) {
      s.test(name, () => run(world), { timeoutMs: SCENARIO_MS });
    }
    s.test("nothing of the user's was changed, nothing is left", () => world.close(), {
      timeoutMs: SCENARIO_MS,
    });
  });
}
