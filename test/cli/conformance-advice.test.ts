import * as assert from "uvu/assert";
import { adviceFor } from "../../src/cli/conformance/advice.ts";
import { TimelineError } from "../../src/cli/conformance/timeline.ts";
import { AoError } from "../../src/core/errors.ts";
import { suite } from "../support/suite.ts";

const NOT_BLOCKED = new AoError("NOT_BLOCKED", { session: "s", status: "working" });
const ASKED = ["UserPromptSubmit (prompt)", "PermissionRequest (permission_request)"];

function advice(error: Error, events: string[], more: Partial<Parameters<typeof adviceFor>[1]> = {}) {
  return adviceFor(error, { events, silent: false, ofSubagent: false, ...more });
}

suite("what the kit advises", ({ test }) => {
  test("of a tool that ran though nobody had answered", () => {
    const approved = "takes the exit code 0 of its permission hook for an approval";
    assert.match(advice(NOT_BLOCKED, [...ASKED, "PreToolUse (tool_start)"]), approved);
    assert.match(advice(new TimelineError("never idle"), [...ASKED, "PostToolUse (tool_end)"]), approved);
    assert.match(advice(NOT_BLOCKED, ASKED), "`screen.dialog` must match");
    // Most programs tell of a tool before they ask for it.
    assert.match(advice(NOT_BLOCKED, ["PreToolUse (tool_start)", ...ASKED]), "`screen.dialog` must match");
  });

  test("of events that all name an agent, before anything else", () => {
    const events = [...ASKED, "PreToolUse (tool_start)"];
    assert.match(advice(NOT_BLOCKED, events, { ofSubagent: true }), "leave out `agentId`");
  });

  test("of a screen that no row knows, where nothing else is known to help", () => {
    const unknown = { reading: { reading: { kind: "unknown" as const }, busy: false, rows: [] } };
    const never = new TimelineError("never ready for a prompt (starting; waits for its first word)");
    assert.match(advice(never, [], unknown), /^no row of `screen`.*`screen\.gates`/);
    assert.match(advice(never, [], { ...unknown, silent: true }), /^see that the program.* Or no row of/);
    assert.is(advice(never, [], { reading: { ...unknown.reading, busy: true } }), "");
    assert.match(advice(NOT_BLOCKED, ASKED, unknown), "`screen.dialog` must match");
  });

  test("of a program that was never heard, and of a turn whose end nothing told", () => {
    assert.match(advice(new TimelineError("x"), [], { silent: true }), "`hooks.args`");
    assert.match(
      advice(new TimelineError("never idle after the denial (working; x)"), ASKED),
      "give `screen.busy`",
    );
  });
});
