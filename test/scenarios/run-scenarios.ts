import { suite } from "../support/suite.ts";
import { SCENARIOS } from "./scenarios.ts";
import type { World } from "./world.ts";

/** Runs every scenario in worlds of one kind. */
export function runScenarios(name: string, createWorld: () => Promise<World>): void {
  suite(name, (s) => {
    for (const scenario of SCENARIOS) {
      s.test(
        scenario.name,
        async () => {
          const world = await createWorld();
          try {
            await scenario.run(world);
          } finally {
            await world.close();
          }
        },
        { timeoutMs: 90_000 },
      );
    }
  });
}
