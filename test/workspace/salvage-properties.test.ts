import fc from "fast-check";
import { suite } from "../support/suite.ts";
import { workshop } from "./fixture.ts";
import {
  assertNothingLost,
  happen,
  prepareRepository,
  removeWhenUnlocked,
  stories,
  witness,
} from "./salvage-story.ts";

suite("salvage: whatever happened to a worktree", ({ test }) => {
  test(
    "every byte and every commit is found again after its removal",
    async () => {
      await fc.assert(
        fc.asyncProperty(stories, fc.nat(9), async (story, luck) => {
          using shop = workshop();
          prepareRepository(shop);
          await shop.workspaces.create(shop.place);
          for (const what of story) happen(shop, what);
          if (luck === 0) await removeWhenUnlocked(shop);
          const before = witness(shop);
          const { salvageRef } = await shop.workspaces.remove(shop.session);
          await assertNothingLost(shop, before, salvageRef);
        }),
        { includeErrorInReport: true, numRuns: Number(process.env.AO_PROPERTY_RUNS ?? 8) },
      );
    },
    { timeoutMs: 600_000 },
  );
});
