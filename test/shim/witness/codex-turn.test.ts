import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { codexTestimony, parseCodexTurn } from "../../../src/shim/witness/codex-turn.ts";
import { suite } from "../../support/suite.ts";

const TURN = "01a2042d-c97a-7750-8a2a-5bb78eb6f17f";

/** Lines as codex 0.169.0 wrote them. */
const STARTED = `{"timestamp":"2026-11-22T16:53:59.300Z","ordinal":70,"type":"event_msg","payload":{"type":"task_started","turn_attribution":{"turn_id":"${TURN}","turn_trigger":"user","parent_turn_id":null},"turn_id":"${TURN}","root_turn_id":"${TURN}","started_at":1795366439,"model_context_window":258400,"collaboration_mode_kind":"default"}}`;
const COMPLETED = `{"timestamp":"2026-11-22T16:52:40.994Z","ordinal":14,"type":"event_msg","payload":{"type":"task_complete","root_turn_id":"${TURN}","turn_id":"${TURN}","last_agent_message":"hello world","started_at":1795366357,"completed_at":1795366360,"duration_ms":3133}}`;
const FAILED = `{"timestamp":"2026-11-22T16:53:59.349Z","ordinal":74,"type":"event_msg","payload":{"type":"task_complete","root_turn_id":"${TURN}","turn_id":"${TURN}","last_agent_message":null,"error":{"message":"{\\"type\\":\\"error\\",\\"error\\":{\\"message\\":\\"mock error 400\\"}}","codex_error_info":"other"},"started_at":1795366439}}`;
const ABORTED = `{"timestamp":"2026-11-22T16:52:49.912Z","ordinal":39,"type":"event_msg","payload":{"type":"turn_aborted","root_turn_id":"${TURN}","turn_id":"${TURN}","reason":"interrupted","duration_ms":1575}}`;

function testimonyOf(line: string) {
  const event = parseCodexTurn(line);
  if (!event) throw new Error(line);
  return codexTestimony(event, { nativeSessionId: "t1" });
}

function failure(error: unknown) {
  const line = JSON.parse(FAILED);
  return testimonyOf(JSON.stringify({ ...line, payload: { ...line.payload, error } }));
}

suite("codex turn", ({ test }) => {
  test("each turn event has its meaning, at the line's own time", () => {
    assert.equal(
      [STARTED, COMPLETED, FAILED, ABORTED].map((line) => testimonyOf(line).event),
      ["witness_active", "witness_idle", "turn_failed", "turn_interrupted"],
    );
    assert.equal(testimonyOf(STARTED), {
      id: `codex-1795366439300-started-${TURN}`,
      at: 1795366439300,
      event: "witness_active",
      fields: { nativeSessionId: "t1" },
    });
    assert.match(testimonyOf(FAILED).fields.message ?? "", "mock error 400");
    assert.is(testimonyOf(FAILED).fields.reason, "other");
  });

  test("an error says what kind it is, in either form", () => {
    assert.is(failure({ message: "m", codex_error_info: "usage_limit_exceeded" }).event, "limit");
    assert.is(failure({ message: "m", codex_error_info: "unauthorized" }).event, "auth_required");
    const coded = failure({ message: "m", codex_error_info: { http_connection_failed: { status: 503 } } });
    assert.is(coded.fields.reason, "http_connection_failed");
    assert.is(failure("boom").event, "turn_failed");
    assert.is(failure({}).fields.reason, "error");
    assert.is(failure(null).event, "witness_idle");
    assert.is(failure({ message: "x".repeat(10_000) }).fields.message?.length, 500);
  });

  test("a turn that was replaced is over, but nobody interrupted it", () => {
    const { event, fields } = testimonyOf(ABORTED.replace("interrupted", "replaced"));
    assert.is(event, "witness_idle");
    assert.is(fields.reason, "replaced");
  });

  test("other lines are no evidence, whatever they quote", () => {
    const quoting = (line: string) => JSON.stringify({ type: "response_item", payload: { text: line } });
    for (const line of [
      quoting(STARTED),
      STARTED.replace("task_started", "token_count"),
      STARTED.replace("event_msg", "response_item"),
      STARTED.replaceAll(`"${TURN}"`, "7"),
      STARTED.replace("2026-11-22T16:53:59.300Z", "yesterday"),
      STARTED.replaceAll(TURN, "x".repeat(1000)),
      STARTED.replace('"task_started"', '["task_started"]'),
      JSON.stringify({ type: "event_msg", payload: null, x: "task_started" }),
    ]) {
      assert.is(parseCodexTurn(line), undefined, line);
    }
  });

  test("no part of a line is evidence, and no text makes it throw", async () => {
    const lines = fc.constantFrom(STARTED, COMPLETED, FAILED, ABORTED);
    await fc.assert(
      fc.property(lines, fc.nat(), fc.nat(), (line, a, b) => {
        const [from, to] = [a % line.length, b % line.length].sort((x, y) => x - y) as [number, number];
        assert.is(parseCodexTurn(line.slice(from, to)), undefined);
      }),
    );
    await fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("task_started", "task_complete"), (value, type) => {
        parseCodexTurn(
          JSON.stringify({
            timestamp: value,
            type: "event_msg",
            payload: { type, turn_id: value, error: value },
          }),
        );
        parseCodexTurn(JSON.stringify({ type: "event_msg", payload: value, note: type }));
      }),
    );
  });
});
