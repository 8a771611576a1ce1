import * as assert from "uvu/assert";
import { explainJson, explainLines } from "../../src/cli/render/explain.ts";
import { createPalette } from "../../src/cli/render/palette.ts";
import { removalJson, removalLine } from "../../src/cli/render/removal.ts";
import { sessionJson } from "../../src/cli/render/session-json.ts";
import { updateJson } from "../../src/cli/watch-lines.ts";
import { suite } from "../support/suite.ts";
import { sessionInfo, T0 } from "./sessions.ts";

const ended = sessionInfo({
  restore: { mode: "resume", nativeSessionId: "native-1", problem: "", endedUnasked: true },
  status: "failed",
  statusReason: "ended by SIGKILL",
  process: { state: "exited", pid: 4242, exit: { signal: "SIGKILL", cause: "signaled", time: T0 } },
  activity: {
    state: "blocked",
    since: T0,
    lastSignalTime: T0,
    signalId: "",
    waitingOn: { kind: "permission", tool: "Bash", message: "may I?", requestId: "r1" },
  },
});

suite("json shapes", ({ test }) => {
  test("a session has the promised keys, words and times", () => {
    assert.equal(sessionJson(ended), {
      id: "web-1",
      project: "web",
      harness: "demo",
      kind: "worker",
      name: null,
      status: "failed",
      statusReason: "ended by SIGKILL",
      process: {
        state: "exited",
        pid: 4242,
        exit: { code: null, signal: "SIGKILL", cause: "signaled", time: "2026-01-02T03:04:05.000Z" },
      },
      activity: {
        state: "blocked",
        since: "2026-01-02T03:04:05.000Z",
        lastSignalTime: "2026-01-02T03:04:05.000Z",
        waitingOn: { kind: "permission", tool: "Bash", message: "may I?", requestId: "r1", until: null },
      },
      backgroundTasks: 0,
      launchId: "l1",
      nativeSessionId: "native-1",
      nativeSessionIds: ["native-1"],
      title: "fix the tests",
      summary: null,
      workspace: { path: "/w/web-1", branch: "ao/web-1" },
      createTime: "2026-01-02T03:04:04.000Z",
      updateTime: "2026-01-02T03:04:05.500Z",
      revision: 7,
      runtime: "tmux",
      permissionMode: "default",
      model: null,
      issue: null,
      labels: {},
      restore: { mode: "resume", nativeSessionId: "native-1", problem: null, endedUnasked: true },
    });
  });

  test("what is absent is null, never missing: a fresh session has the same keys", () => {
    const fresh = sessionJson(
      sessionInfo({
        status: undefined,
        process: {},
        activity: { signalId: "" },
        launchId: "",
        nativeSessionId: "",
        title: "",
        workspace: { path: "", branch: "", baseCommit: "" },
        createTime: undefined,
        updateTime: undefined,
      }),
    );
    assert.equal(Object.keys(fresh), Object.keys(sessionJson(ended)));
    assert.equal(fresh.process, { state: null, pid: null, exit: null });
    assert.equal(fresh.activity, { state: null, since: null, lastSignalTime: null, waitingOn: null });
    assert.is(JSON.parse(JSON.stringify(fresh)).createTime, null);
    assert.is(fresh.status, null);
  });

  test("exit code 0 is 0, not null", () => {
    const exit = { code: 0, signal: "", cause: "exited" as const, time: T0 };
    const json = sessionJson(sessionInfo({ process: { state: "exited", exit } }));
    assert.is(json.process.exit?.code, 0);
    assert.is(json.process.exit?.signal, null);
  });

  test("each type of watch message", () => {
    const session = sessionInfo();
    assert.equal(updateJson({ type: "changed", revision: 7, epoch: "e1", session, commitTime: T0 }), {
      revision: 7,
      epoch: "e1",
      type: "changed",
      session: sessionJson(session),
      commitTime: "2026-01-02T03:04:05.000Z",
    });
    assert.equal(
      updateJson({ type: "removed", revision: 8, epoch: "e1", sessionId: "web-1", commitTime: T0 }),
      {
        revision: 8,
        epoch: "e1",
        type: "removed",
        session: { id: "web-1" },
        commitTime: "2026-01-02T03:04:05.000Z",
      },
    );
    assert.equal(updateJson({ type: "snapshot_end", revision: 9, epoch: "" }), {
      revision: 9,
      epoch: "",
      type: "snapshot_end",
      session: null,
      commitTime: null,
    });
  });

  test("an explanation, for programs and for people", () => {
    const explanation = {
      session: ended,
      verdict: "failed: the process ended by SIGKILL",
      signals: [
        {
          signal: {
            id: "s-1",
            launchId: "l1",
            seq: 1,
            observedTime: T0,
            kind: "hook" as const,
            harness: "demo",
            event: "permission-request",
            fields: { toolName: "Bash" },
          },
          logId: 3,
          commitTime: T0 + 2,
          outcome: "applied" as const,
          rule: "R5" as const,
          reason: "the agent asks for permission to use Bash",
          sessionId: "web-1",
          statusAfter: "needs_input" as const,
          meaning: "permission_request" as const,
        },
      ],
      traits: { hooks: true, firstSignal: "launch" as const, secondWitness: false },
    };
    assert.equal(explainJson(explanation).signals[0], {
      logId: 3,
      signalId: "s-1",
      launchId: "l1",
      kind: "hook",
      event: "permission-request",
      meaning: "permission_request",
      observedTime: "2026-01-02T03:04:05.000Z",
      commitTime: "2026-01-02T03:04:05.002Z",
      outcome: "applied",
      rule: "R5",
      reason: "the agent asks for permission to use Bash",
      statusAfter: "needs_input",
      fields: { toolName: "Bash" },
    });
    const lines = explainLines({ explanation, now: T0 + 5000, width: 140, palette: createPalette(false) });
    assert.is(lines[0], "web-1  ✗ failed for 5s");
    assert.is(lines[1], "failed: the process ended by SIGKILL");
    assert.ok(lines.includes("  process       exited, SIGKILL, signaled, at 2026-01-02T03:04:05.000Z"));
    assert.is(lines.at(-2), "TIME          EVENT                    OUTCOME  RULE  STATUS         REASON");
    assert.match(
      lines.at(-1) ?? "",
      /^\d\d:04:05\.000 {2}permission-request Bash {2}applied {2}R5 {4}◆ needs_input/,
    );
  });

  test("a removal says where the work is", () => {
    const removal = { sessionId: "web-1", salvageRef: "refs/ao/salvage/web-1", keptBranch: "" };
    assert.equal(removalJson(removal), {
      id: "web-1",
      salvageRef: "refs/ao/salvage/web-1",
      keptBranch: null,
      leftOut: [],
    });
    assert.is(
      removalLine({ ...removal, salvageRef: "", leftOut: ["node_modules", "target"] }),
      "removed web-1; not kept, tools make them again: node_modules, target",
    );
    assert.is(removalLine(removal), "removed web-1; work kept in refs/ao/salvage/web-1");
    assert.is(removalLine({ sessionId: "web-2" }), "removed web-2");
  });
});
