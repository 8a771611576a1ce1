import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import * as assert from "uvu/assert";
import { sendSignal } from "../../src/util/send-signal.ts";
import { suite } from "../support/suite.ts";
import { git, workshop } from "../workspace/fixture.ts";
import {
  assertNothingLost,
  checkStories,
  happen,
  prepareRepository,
  stories,
  witness,
} from "../workspace/salvage-story.ts";

const REMOVE_ONCE = join(import.meta.dirname, "remove-once.ts");
const RUNS = { includeErrorInReport: true, numRuns: Number(process.env.AO_PROPERTY_RUNS ?? 100) };
const LONG = { timeoutMs: 1_800_000 };

type Shop = ReturnType<typeof workshop>;

/** Starts a removal in a process of its own and kills that after `ms`. */
async function removeAndKill(shop: Shop, ms: number): Promise<void> {
  const child = spawn(process.execPath, [REMOVE_ONCE, JSON.stringify(shop.session)], {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  await Promise.race([sleep(ms), closed]);
  // Its group: the git it talks to dies with it, as with a host that loses power.
  if (child.pid !== undefined) sendSignal(-child.pid, "SIGKILL");
  await closed;
}

suite("chaos: removals", ({ test }) => {
  test(
    "every byte and every commit is found again, whatever happened before",
    () => checkStories(RUNS.numRuns),
    LONG,
  );

  test(
    "and wherever the removal is killed",
    async () => {
      const whenToKill = fc.array(fc.nat(900), { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(stories, whenToKill, async (story, moments) => {
          using shop = workshop();
          prepareRepository(shop);
          await shop.workspaces.create(shop.place);
          for (const what of story) happen(shop, what);
          const before = witness(shop);
          for (const ms of moments) await removeAndKill(shop, ms);
          const { salvageRef } = await shop.workspaces.remove(shop.session);
          const [first] = await shop.workspaces.listSalvages(shop.repository);
          await assertNothingLost(shop, before, first?.ref ?? salvageRef);
          assert.is(git(shop.repository, "fsck", "--strict", "--no-dangling", "--no-reflogs"), "");
        }),
        RUNS,
      );
    },
    LONG,
  );
});
