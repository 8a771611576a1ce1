import * as assert from "uvu/assert";
import { liveTableLines } from "../../src/cli/render/live-table.ts";
import { nextSteps, renderNextSteps } from "../../src/cli/render/next-steps.ts";
import { createPalette } from "../../src/cli/render/palette.ts";
import { renderSessionTable, STATUS_LOOK, sortForPeople } from "../../src/cli/render/session-table.ts";
import { STATUSES } from "../../src/core/session.ts";
import { suite } from "../support/suite.ts";
import { sessionInfo, T0 } from "./sessions.ts";

const palette = createPalette(false);
const asking = sessionInfo({
  id: "web-2",
  status: "needs_input",
  activity: {
    state: "blocked",
    since: T0 - 60_000,
    signalId: "",
    waitingOn: { kind: "permission", tool: "Bash", message: "run the tests?", requestId: "r1" },
  },
});
const failed = sessionInfo({
  id: "web-3",
  status: "failed",
  statusReason: "ended by SIGKILL",
  process: { state: "exited", exit: { signal: "SIGKILL", cause: "signaled", time: T0 } },
});

suite("session table", ({ test }) => {
  test("what needs a person stands first", () => {
    const sessions = [...STATUSES].map((status, index) => sessionInfo({ id: `s-${index}`, status }));
    assert.equal(
      sortForPeople(sessions).map((session) => session.status),
      [
        "needs_input",
        "lost",
        "failed",
        "no_signal",
        "unverified",
        "working",
        "starting",
        "idle",
        "exited",
        "terminated",
      ],
    );
  });

  test("who waits longest stands first, then the newest", () => {
    const waiting = (id: string, since: number) =>
      sessionInfo({ id, status: "needs_input", activity: { state: "blocked", since, signalId: "" } });
    const ids = sortForPeople([
      sessionInfo({ id: "w-9", createTime: T0 }),
      sessionInfo({ id: "w-10", createTime: T0 }),
      waiting("late", T0),
      waiting("early", T0 - 5),
    ]).map((session) => session.id);
    assert.equal(ids, ["early", "late", "w-10", "w-9"]);
  });

  test("a line says status, time in it, and what to know", () => {
    const lines = renderSessionTable({
      sessions: [sessionInfo({ name: "login" }), asking, failed],
      now: T0 + 5000,
      width: 120,
      palette,
    });
    assert.equal(lines, [
      "ID     AGENT  STATUS           FOR  WHAT                                              BRANCH",
      "web-2  demo   ◆ needs_input  1m05s  permission: Bash: run the tests? · fix the tests  ao/web-1",
      "web-3  demo   ✗ failed          5s  ended by SIGKILL · fix the tests                  ao/web-1",
      "web-1  demo   ● working         5s  login: fix the tests                              ao/web-1",
    ]);
    assert.equal(renderSessionTable({ sessions: [], now: T0, width: 80, palette }), []);
  });

  test("every status has a look, and a session of a newer daemon is still shown", () => {
    assert.equal(Object.keys(STATUS_LOOK).sort(), [...STATUSES].sort());
    const [, line = ""] = renderSessionTable({
      sessions: [sessionInfo({ status: undefined })],
      now: T0,
      width: 120,
      palette,
    });
    assert.match(line, "? unknown");
  });

  test("next steps name the command for the most urgent session of each kind", () => {
    const idle = sessionInfo({ id: "web-4", status: "idle" });
    const steps = nextSteps([idle, failed, asking]).map((step) => step.command);
    assert.equal(steps, [
      "ao attach web-2",
      "ao answer web-2 approve|deny",
      "ao explain web-3",
      "ao session restore web-3",
      'ao send web-4 "…"',
    ]);
    const restore = { mode: "resume", nativeSessionId: "n", problem: "", endedUnasked: true } as const;
    const lost = ["web-7", "web-8"].map((id) => sessionInfo({ id, status: "lost", restore }));
    assert.equal(nextSteps(lost)[1], {
      command: "ao session restore --all",
      purpose: "go on with the 2 that ended unasked",
    });
    assert.is(nextSteps([idle], "npx ao")[0]?.command, 'npx ao send web-4 "…"');
    assert.equal(nextSteps([sessionInfo()]), []);
    const question = { ...asking, activity: { ...asking.activity, waitingOn: undefined } };
    assert.equal(
      nextSteps([question]).map((step) => step.command),
      ["ao attach web-2"],
    );
    assert.equal(renderNextSteps(nextSteps([question]), palette), [
      "  ao attach web-2  see what it asks and answer there",
    ]);
  });

  test("the live view says when it may be old", () => {
    const view = {
      title: "ao watch",
      sessions: [asking],
      now: T0,
      width: 80,
      palette,
      program: "ao",
      lead: ["first:"],
    };
    const current = liveTableLines({ ...view, isCurrent: true });
    assert.is(current[0], "ao watch  1 session, 1 needs you  q quits");
    assert.ok(current.indexOf("first:") < current.findIndex((line) => line.includes("ao attach web-2")));
    assert.match(liveTableLines({ ...view, isCurrent: false })[0] ?? "", "waiting for the daemon");
    assert.match(liveTableLines({ ...view, sessions: [], isCurrent: true }).join("\n"), "no sessions yet");
  });
});
