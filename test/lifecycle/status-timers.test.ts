import * as assert from "uvu/assert";
import type { Session } from "../../src/core/session.ts";
import { createHarnesses } from "../../src/harness/registry.ts";
import { createStatusTimers } from "../../src/lifecycle/book/status-timers.ts";
import { statusOf } from "../../src/lifecycle/views.ts";
import { T0, tell } from "../core/story.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { suite } from "../support/suite.ts";

const LEASE_MS = 120_000;

suite("status timers", ({ test }) => {
  /** A session at work, whose status changes when its lease ends. */
  function stage() {
    const story = tell();
    story.see("prompt");
    const session = { id: "shop-1", harness: "claude-code", facts: story.facts } as Session;
    const harnesses = createHarnesses();
    const clock = createManualClock(story.now);
    const changes: string[] = [];
    const timers = createStatusTimers({
      clock,
      harnesses,
      statusOf: (one, at) => statusOf(one, harnesses, at).status,
      get: () => session,
      onChange: (sessionId) => changes.push(sessionId),
    });
    return { clock, timers, session, changes, start: story.now };
  }

  test("what time alone changes is told once", () => {
    const { clock, timers, session, changes, start } = stage();
    timers.arm(session, start);
    clock.advance(LEASE_MS - 1);
    assert.equal(changes, []);
    clock.advance(1);
    assert.equal(changes, ["shop-1"]);
    timers.arm(session, clock.now());
    clock.advance(LEASE_MS);
    assert.equal(changes, ["shop-1"]);
  });

  test("a signal that tells watchers nothing does not swallow what time has changed meanwhile", () => {
    const { clock, timers, session, changes, start } = stage();
    timers.arm(session, start);
    // The timer is late: the signal's commit comes first.
    clock.setWall(start + LEASE_MS);
    timers.arm(session, undefined);
    assert.equal(changes, ["shop-1"]);
    clock.advance(LEASE_MS);
    assert.equal(changes, ["shop-1"]);
  });

  test("a change whose commit took longer than its status stood is followed by another", () => {
    const { clock, timers, session, changes, start } = stage();
    clock.setWall(start + LEASE_MS);
    timers.arm(session, start);
    assert.equal(changes, ["shop-1"]);
  });

  test("what changed while no daemon ran is told after its start", () => {
    const { clock, timers, session, changes } = stage();
    clock.setWall(T0 + LEASE_MS * 2);
    timers.arm(session, T0 + 1000);
    assert.equal(changes, ["shop-1"]);
  });
});
