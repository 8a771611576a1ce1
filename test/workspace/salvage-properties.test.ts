import { suite } from "../support/suite.ts";
import { checkStories } from "./salvage-story.ts";

suite("salvage: whatever happened to a worktree", ({ test }) => {
  test(
    "every byte and every commit is found again after its removal",
    () => checkStories(Number(process.env.AO_PROPERTY_RUNS ?? 8)),
    { timeoutMs: 600_000 },
  );
});
