import * as assert from "uvu/assert";
import type { Meaning, SignalFields } from "../../src/core/signal.ts";
import { suite } from "../support/suite.ts";
import { type Story, T0, tell } from "./story.ts";

const ACTIVITIES: Record<string, (story: Story) => void> = {
  active: (story) => story.see("prompt"),
  idle: (story) => story.see("turn_end"),
  waiting_input: (story) => story.see("notify_input"),
  blocked: (story) => story.see("permission_request", { toolName: "Bash" }),
};

const ENDS: Record<string, (story: Story) => void> = {
  exited: (story) => story.see("process_exited", { exitCode: 0 }),
  failed: (story) => story.see("process_exited", { exitSignal: "SIGKILL" }),
  lost: (story) => story.see("process_dead", { reason: "gone" }),
  terminated: (story) => {
    story.see("kill_requested");
    story.see("process_exited", { exitSignal: "SIGTERM" });
  },
};

suite("R3, R4, R9, R11: death", ({ test }) => {
  for (const [activity, reach] of Object.entries(ACTIVITIES)) {
    for (const [status, end] of Object.entries(ENDS)) {
      test(`R3: ${activity} ends as ${status}`, () => {
        const story = tell();
        reach(story);
        assert.is(story.facts.activity.state, activity);
        end(story);
        assert.is(story.status(), status);
        assert.is(story.facts.activity.state, "exited");
        assert.equal(story.facts.requests, []);
        assert.is(story.facts.backgroundTasks, 0);
      });
    }
  }

  for (const activity of ["active", "blocked"] as const) {
    test(`what it says on its way out does not end its turn: ${activity} until it has ended on request`, () => {
      const story = tell();
      ACTIVITIES[activity]?.(story);
      const before = story.status();
      story.see("kill_requested");
      for (const meaning of ["witness_idle", "turn_interrupted", "turn_end", "conversation_end"] as const) {
        story.see(meaning);
        assert.is(story.status(), before, meaning);
      }
      story.see("process_exited", { exitSignal: "SIGTERM" });
      assert.is(story.status(), "terminated");
    });
  }

  test("a subagent that ends on its parent's way out answers no dialog", () => {
    const story = tell();
    story.see("prompt");
    story.see("permission_request", { toolName: "Bash", requestId: "r1", agentId: "a1" });
    assert.is(story.status(), "needs_input");
    story.see("kill_requested");
    story.see("subagent_end", { agentId: "a1" });
    assert.is(story.status(), "needs_input");
    story.see("process_exited", { exitSignal: "SIGTERM" });
    assert.is(story.status(), "terminated");
  });

  test("an agent that outlives a kill is idle again when it says so", () => {
    const story = tell();
    story.see("prompt");
    story.see("kill_requested");
    story.see("turn_end", {}, { at: 60_000 });
    assert.is(story.status(), "idle");
  });

  test("says how it ended", () => {
    const reasons: [Meaning, SignalFields, string][] = [
      ["process_exited", { exitCode: 0 }, "finished with code 0"],
      ["process_exited", { exitCode: 3 }, "exited with code 3"],
      ["process_exited", { exitSignal: "SIGKILL" }, "killed by SIGKILL"],
      ["process_exited", { exitSignal: "SIGKILL", reason: "out_of_memory" }, "killed for want of memory"],
      ["process_exited", { exitSignal: "SIGHUP", reason: "terminal_gone" }, "its terminal is gone"],
      ["process_exited", { exitCode: 0, reason: "terminal_gone" }, "its terminal is gone"],
      ["process_dead", { reason: "gone" }, "its process is gone; nobody saw it end"],
      ["process_dead", { reason: "host_rebooted" }, "the host was rebooted"],
      ["process_dead", { reason: "terminal_gone" }, "its terminal is gone"],
      ["spawn_failed", { message: "tmux is missing" }, "could not be started: tmux is missing"],
    ];
    for (const [meaning, fields, reason] of reasons) {
      const story = tell();
      story.see(meaning, fields);
      assert.is(story.reason(), reason);
    }
  });

  test("of an end nobody saw no cause is claimed", () => {
    const story = tell();
    story.see("process_dead", { reason: "gone" }, { at: 1000 });
    assert.equal(JSON.stringify(story.facts.process.exit), JSON.stringify({ time: T0 + 1000 }));
  });

  test("an exit before the kill was asked for is the agent's own", () => {
    const story = tell();
    story.see("kill_requested", {}, { at: 5000 });
    story.see("process_exited", { exitCode: 0 }, { at: 3000 });
    assert.is(story.status(), "exited");
  });

  test("a kill whose launcher died too is terminated, not lost", () => {
    const story = tell();
    story.see("kill_requested");
    story.see("process_dead", { reason: "gone" });
    assert.is(story.status(), "terminated");
    assert.is(story.facts.process.state, "exited");
  });

  test("R2: an exit older than the current evidence still ends the launch", () => {
    const story = tell();
    story.see("prompt", {}, { at: 5000 });
    story.see("process_exited", { exitCode: 0 }, { at: 4990 });
    assert.is(story.status(), "exited");
  });

  test("R4: a witnessed exit is final", () => {
    const story = tell();
    story.see("process_exited", { exitSignal: "SIGKILL" });
    for (const meaning of [
      "prompt",
      "process_alive",
      "process_started",
      "witness_active",
      "kill_requested",
    ] as const) {
      assert.is(story.see(meaning).outcome, "recorded");
      assert.is(story.status(), "failed");
    }
  });

  for (const told of ["process_exited", "process_dead"] as const) {
    test(`R4: the launcher's record settles an end on request that ${told} told without a witness`, () => {
      const story = tell();
      story.see("kill_requested", {}, { at: 1000 });
      story.see(told, { reason: told === "process_exited" ? "killed" : "gone" }, { at: 4000 });
      assert.is(story.status(), "terminated");
      story.see("process_exited", { exitSignal: "SIGTERM" }, { at: 2000 });
      assert.is(story.status(), "terminated");
      const exit = {
        code: undefined,
        signal: "SIGTERM",
        cause: "killed",
        time: story.facts.process.exit?.time,
      };
      assert.equal(story.facts.process.exit, exit);
      assert.is(story.see("process_exited", { exitCode: 0 }, { at: 2500 }).outcome, "recorded");
      assert.equal(story.facts.process.exit, exit);
    });
  }

  test("R4: an agent that had ended before somebody asked is told as it ended", () => {
    const story = tell();
    story.see("kill_requested", {}, { at: 3000 });
    story.see("process_exited", { reason: "killed" }, { at: 4000 });
    story.see("process_exited", { exitCode: 0 }, { at: 1000 });
    assert.is(story.status(), "exited");
  });

  test("R4: the launcher's start that comes after its end only tells the pid", () => {
    const story = tell({ running: false });
    story.see("process_exited", { exitCode: 0 }, { at: 2000 });
    story.see("process_started", { pid: 7, pidStartTicks: 70 }, { at: 1000 });
    assert.is(story.status(), "exited");
    assert.is(story.facts.process.pid, 7);
  });

  for (const life of ["prompt", "receipt", "witness_idle", "process_alive"] as const) {
    test(`R4: ${life} takes an inferred death back`, () => {
      const story = tell();
      story.see("prompt");
      story.see("process_dead", { reason: "gone" });
      assert.is(story.status(), "lost");
      const { outcome, rule } = story.see(life);
      assert.is(outcome, "applied");
      assert.is(rule, "R4");
      assert.is(story.facts.process.state, "running");
      assert.is(story.facts.process.pid, 42);
      assert.is(story.facts.process.exit, undefined);
      assert.is(story.status(), life === "witness_idle" ? "idle" : "working");
    });
  }

  test("R4: what was said before a verdict that is taken back, but came after it, tells how the turn stands", () => {
    const story = tell();
    story.see("process_dead", { reason: "gone" }, { at: 5000 });
    assert.is(story.status(), "lost");
    assert.is(story.see("conversation_start", { nativeSessionId: "n1" }, { at: 2000 }).rule, "R2");
    story.see("prompt", { prompt: "go" }, { at: 3000 });
    assert.is(story.status(), "lost");
    story.see("process_alive", {}, { at: 6000 });
    assert.is(story.status(), "working");
  });

  test("R4: life older than the verdict takes nothing back", () => {
    const story = tell();
    story.see("process_dead", { reason: "gone" }, { at: 5000 });
    assert.is(story.see("receipt", {}, { at: 4000 }).outcome, "superseded");
    assert.is(story.status(), "lost");
  });

  test("R4: an exit record settles a launch called lost", () => {
    const story = tell();
    story.see("process_dead", { reason: "gone" }, { at: 5000 });
    story.see("process_exited", { exitSignal: "SIGKILL" }, { at: 3000 });
    assert.is(story.status(), "failed");
  });

  test("R9: newer evidence beats the verdict", () => {
    const story = tell();
    story.see("prompt", {}, { at: 5000 });
    assert.is(story.see("process_dead", { reason: "gone" }, { at: 4000 }).outcome, "superseded");
    assert.is(story.status(), "working");
  });

  test("R9: a verdict about another process is no verdict", () => {
    const story = tell();
    story.see("process_dead", { reason: "gone", pid: 41 });
    assert.is(story.facts.process.state, "running");
  });

  test("R11: no death before the first proof of life", () => {
    const story = tell({ running: false });
    const { rule } = story.see("process_dead", { reason: "gone" }, { at: 14_999 });
    assert.is(rule, "R11");
    assert.is(story.status(), "starting");
  });

  test("R11: a start has its deadline, a reboot needs none", () => {
    const late = tell({ running: false });
    late.see("process_dead", { reason: "gone" }, { at: 15_000 });
    assert.is(late.status(), "lost");
    const rebooted = tell({ running: false });
    rebooted.see("process_dead", { reason: "host_rebooted" }, { at: 10 });
    assert.is(rebooted.status(), "lost");
  });

  test("R11: a hook is proof of life where the launcher's record is late", () => {
    const story = tell({ running: false });
    story.see("receipt", {}, { at: 500 });
    assert.is(story.facts.process.state, "running");
    story.see("process_started", { pid: 9, pidStartTicks: 90 }, { at: 100 });
    assert.is(story.facts.process.pid, 9);
    assert.is(story.facts.process.runningTime, T0 + 100);
  });
});
