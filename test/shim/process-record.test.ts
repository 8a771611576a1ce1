import fc from "fast-check";
import * as assert from "uvu/assert";
import { isProcessEvent, readProcessRecord } from "../../src/shim/process-record.ts";
import { suite } from "../support/suite.ts";

suite("process record", ({ test }) => {
  test("reads what ao-run writes", () => {
    const cases: [string, object][] = [
      ['{"pid":12,"pid_start_ticks":345}\n', { pid: 12, pidStartTicks: 345 }],
      ['{"pid":12}\n', { pid: 12 }],
      ['{"pid":12,"exit_code":0}\n', { pid: 12, exitCode: 0 }],
      ['{"exit_code":143}\n', { exitCode: 143 }],
      ['{"pid":12,"exit_signal":"SIGKILL"}\n', { pid: 12, exitSignal: "SIGKILL" }],
    ];
    for (const [text, fields] of cases) assert.equal(readProcessRecord(text), fields);
  });

  test("a cut record keeps what is whole: half a number is none", () => {
    assert.equal(readProcessRecord('{"pid":12,"pid_start_ticks":34'), { pid: 12, partial: true });
    assert.equal(readProcessRecord('{"pid":12,"exit_signal":"SIGK'), { pid: 12, partial: true });
    assert.equal(readProcessRecord('{"pid":1'), { partial: true });
    assert.equal(readProcessRecord(""), { partial: true });
  });

  test("every cut of a record gives a part of the whole's fields", () => {
    const whole = '{"pid":123,"pid_start_ticks":456,"exit_code":7,"exit_signal":"SIGTERM"}';
    const fields: Record<string, unknown> = { ...readProcessRecord(whole) };
    for (let length = 0; length < whole.length; length++)
      for (const [key, value] of Object.entries(readProcessRecord(whole.slice(0, length))))
        if (key !== "partial") assert.is(value, fields[key], whole.slice(0, length));
  });

  test("takes nothing of the wrong kind and never throws", () => {
    const odd = { pid: -1, pid_start_ticks: 1.5, exit_code: "0", exit_signal: "rm -rf", reason: 3 };
    assert.equal(readProcessRecord(JSON.stringify(odd)), {});
    assert.equal(readProcessRecord("[1]"), { partial: true });
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readProcessRecord(text)));
  });

  test("knows its two events", () => {
    assert.ok(isProcessEvent("ao-process-started") && isProcessEvent("ao-process-exited"));
    assert.not(isProcessEvent("Stop"));
  });
});
