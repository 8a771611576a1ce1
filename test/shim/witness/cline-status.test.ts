import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { clineTestimony, parseClineStatus } from "../../../src/shim/witness/cline-status.ts";
import { suite } from "../../support/suite.ts";

/** As cline 3.0.65 wrote it. */
const RUNNING = `{
  "version": 1,
  "session_id": "1795390823487_5768j",
  "source": "cli",
  "pid": 21068,
  "started_at": "2026-11-22T23:40:23.494Z",
  "exit_code": null,
  "status": "running",
  "interactive": true,
  "metadata": { "title": "x", "status": "idle" }
}
`;
const AT = 1795390824999.7;

function statusOf(changed: object) {
  const reading = parseClineStatus(JSON.stringify({ ...JSON.parse(RUNNING), ...changed }), AT);
  if (reading.kind !== "status") throw new Error(reading.kind);
  return reading.status;
}

suite("cline status", ({ test }) => {
  test("each state has its meaning, at the time of writing", () => {
    const meanings = ["idle", "running", "pending", "completed", "failed", "cancelled"].map((status) => {
      const { event, at, fields } = clineTestimony(statusOf({ status }));
      assert.is(at, 1795390824999);
      assert.is(fields.nativeSessionId, "1795390823487_5768j");
      assert.is(fields.pid, 21068);
      return `${status} ${event} ${fields.type ?? "-"}`;
    });
    assert.equal(meanings, [
      "idle witness_idle -",
      // It says this while a question is open too: no word against a dialog.
      "running witness_active -",
      "pending witness_blocked permission",
      "completed witness_idle -",
      "failed witness_idle -",
      "cancelled witness_idle -",
    ]);
  });

  test("missing, renamed and unknown fields are no evidence", () => {
    const { status, ...without } = JSON.parse(RUNNING);
    for (const changed of [
      without,
      { ...without, state: status },
      { ...without, status: "paused" },
      { ...without, status: 1 },
      { ...without, status: "constructor" },
      { ...without, status, session_id: undefined },
      { ...without, status, session_id: "" },
    ])
      assert.is(parseClineStatus(JSON.stringify(changed), AT).kind, "nothing", JSON.stringify(changed));
    assert.is(statusOf({ pid: "21068" }).pid, undefined);
    assert.is(statusOf({ pid: -1 }).pid, undefined);
  });

  test("no text makes it throw, and none but a whole one is evidence", async () => {
    const end = RUNNING.lastIndexOf("}");
    await fc.assert(
      fc.property(fc.integer({ min: 0, max: end }), (length) => {
        assert.is(parseClineStatus(RUNNING.slice(0, length), AT).kind, "torn");
      }),
    );
    await fc.assert(fc.property(fc.string(), (text) => parseClineStatus(text, AT).kind !== "status"));
    await fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (status, session_id, pid) => {
        parseClineStatus(JSON.stringify({ status, session_id, pid }), AT);
      }),
    );
  });
});
