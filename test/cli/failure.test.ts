import * as Errors from "@oclif/core/errors";
import * as assert from "uvu/assert";
import { DaemonStartError, describeFailure, EXIT, failureJson, failureLines } from "../../src/cli/failure.ts";
import { parseStatuses } from "../../src/cli/flags.ts";
import { createPalette } from "../../src/cli/render/palette.ts";
import { parseReport } from "../../src/cli/start-daemon.ts";
import { usageError } from "../../src/cli/usage-error.ts";
import { AoError } from "../../src/core/errors.ts";
import { editDistance, suggest } from "../../src/util/suggest.ts";
import { suite } from "../support/suite.ts";

const exitCode = (error: unknown) => describeFailure(error)?.exitCode;

suite("failures", ({ test }) => {
  test("each class of error has its exit code", () => {
    assert.is(exitCode(new AoError("SESSION_NOT_FOUND", { session: "x" })), EXIT.failed);
    assert.is(
      exitCode(new AoError("INVALID_FIELD", { field: "id", value: "X", problem: "is bad" })),
      EXIT.usage,
    );
    assert.is(exitCode(new AoError("USAGE", { problem: "no" })), EXIT.usage);
    assert.is(exitCode(new AoError("DAEMON_UNREACHABLE", { socket: "/s" })), EXIT.unreachable);
    assert.is(
      exitCode(new AoError("WAIT_TIMED_OUT", { session: "x", status: "idle", seconds: 1 })),
      EXIT.timedOut,
    );
    assert.is(
      exitCode(new DaemonStartError({ reason: "SCHEMA_TOO_NEW", message: "m", hint: "" })),
      EXIT.unreachable,
    );
    assert.is(exitCode(new Errors.CLIError("unknown flag")), EXIT.usage);
    assert.is(exitCode(new TypeError("boom")), EXIT.failed);
    assert.is(describeFailure(new Errors.ExitError(0)), undefined);
  });

  test("programs get reason, message, hint and metadata; people two lines; nobody a stack", () => {
    const failure = describeFailure(new AoError("SESSION_NOT_FOUND", { session: "x" }));
    assert.ok(failure);
    assert.equal(failureJson(failure), {
      error: {
        reason: "SESSION_NOT_FOUND",
        message: 'no session "x"',
        hint: "See `ao ls`.",
        metadata: { session: "x" },
      },
    });
    assert.equal(failureLines(failure, createPalette(false)), [
      'error: no session "x"',
      "hint: See `ao ls`.",
    ]);
    const bug = describeFailure(new TypeError("boom\n    at secret (/src/x.ts:1)"));
    assert.is(bug?.reason, "INTERNAL");
    assert.is(failureLines(bug as never, createPalette(false)).length, 2);
  });

  test("a task given to spawn without its flag is told where it goes", () => {
    const hintOf = (command: string) => usageError(new Error("Unexpected argument: ask 3"), command).hint;
    assert.is(hintOf("spawn"), 'Give the task with `--prompt "…"`. See `ao spawn --help`.');
    assert.is(hintOf("ls"), "See `ao ls --help`.");
  });

  test("the parser's words become a sentence and the command's own help", () => {
    const error = usageError(
      new Errors.CLIError("Nonexistent flag: --nope\nSee more help with --help"),
      "session:get",
    );
    assert.is(error.message, "nonexistent flag: --nope");
    assert.is(error.hint, "See `ao session get --help`.");
  });

  test("an unknown status lists the words there are", () => {
    assert.equal(parseStatuses("--until", "idle,needs_input, needs-input"), [
      "idle",
      "needs_input",
      "needs_input",
    ]);
    const caught = capture(() => parseStatuses("--until", "workin"));
    assert.is(caught.reason, "USAGE");
    assert.match(caught.hint, /Did you mean "working"\?.*terminated, failed, exited/);
    assert.match(capture(() => parseStatuses("--until", "")).message, '--until "" is not a status');
  });

  test("finds the word that was meant, and none that was not", () => {
    assert.is(suggest("spwan", ["spawn", "send", "stop"]), "spawn");
    assert.is(suggest("session lss", ["session ls", "session rm"]), "session ls");
    assert.is(suggest("xyz", ["spawn", "send"]), undefined);
    assert.is(editDistance("kitten", "sitting"), 3);
    assert.is(editDistance("ab", "ba"), 1);
    assert.is(editDistance("", "abc"), 3);
  });

  test("reads the daemon's report among other output", () => {
    const line = JSON.stringify({ error: { reason: "SCHEMA_TOO_NEW", message: "too new", hint: "update" } });
    const told = parseReport(`(node) warning\n${line}\n`);
    assert.is(told.reason, "SCHEMA_TOO_NEW");
    assert.is(told.message, "too new");
    assert.is(told.hint, "update");
    assert.is(parseReport("Segmentation fault").reason, "");
    assert.is(parseReport('{"error": broken\n{"error":1').reason, "");
  });
});

function capture(run: () => unknown): AoError {
  try {
    run();
  } catch (error) {
    if (error instanceof AoError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
