import * as assert from "uvu/assert";
import { explainLines } from "../../src/cli/render/explain.ts";
import { createPalette } from "../../src/cli/render/palette.ts";
import type { MeantRow } from "../../src/core/ports/store.ts";
import { diagnose } from "../../src/core/replay/diagnose.ts";
import type { SignalKind } from "../../src/core/signal.ts";
import { suite } from "../support/suite.ts";
import { sessionInfo } from "./sessions.ts";

suite("diagnosis", ({ test }) => {
  test("names what a state rests on, what came after, and the witness that speaks against it", () => {
    const signals = [
      row("a", { kind: "hook", meaning: "permission_request" }),
      row("b", { kind: "witness", meaning: "witness_idle" }),
      row("c", { kind: "hook", meaning: "tool_start" }),
    ];
    const found = diagnose({ state: "blocked", launchId: "l1", signals, proofSignalId: "a" });
    assert.is(found.proof?.signal.id, "a");
    assert.equal(
      found.after.map(({ signal }) => signal.id),
      ["b", "c"],
    );
    assert.equal([found.against?.row.signal.id, found.against?.speaks], ["b", "idle"]);
  });

  test("signals that agree, say nothing, or are of another launch speak against nothing", () => {
    const signals = [
      row("a", { kind: "hook", meaning: "prompt" }),
      row("b", { kind: "hook", meaning: "progress" }),
      row("c", { kind: "hook", meaning: "receipt" }),
      row("d", { kind: "hook", meaning: "turn_end", launchId: "l0" }),
    ];
    const found = diagnose({ state: "active", launchId: "l1", signals, proofSignalId: "a" });
    assert.is(found.against, undefined);
    assert.is(found.after.length, 2);
  });

  test("a proof older than the log's end is not guessed", () => {
    const signals = [row("z", { kind: "hook", meaning: "receipt" })];
    assert.is(diagnose({ state: "idle", launchId: "l1", signals, proofSignalId: "gone" }).proof, undefined);
  });

  test("at 80 columns no line is longer, and the misleading signal is named", () => {
    const signals = [
      row("a", { kind: "hook", meaning: "permission_request" }),
      ...["b", "c"].map((id) => row(id, { kind: "witness", meaning: "witness_idle" })),
    ];
    const session = sessionInfo({ launchId: "l1", activity: { state: "blocked", signalId: "a" } });
    const explanation = {
      session,
      signals,
      verdict:
        "needs_input: waits for permission to use Bash. Last proof: hook, and more words than a line holds",
      traits: { hooks: true, firstSignal: "launch" as const, secondWitness: true },
    };
    const lines = explainLines({ explanation, now: 5000, width: 80, palette: createPalette(false) });
    assert.equal(
      lines.filter((line) => line.length > 80),
      [],
    );
    const text = lines.join("\n").replace(/\s+/g, " ");
    assert.match(text, "rests on hook permission_request at");
    assert.match(text, "since then 2 × recorded, R8: because");
    assert.match(text, "against it witness witness_idle at");
    assert.match(text, 'speaks for "idle", but because');
    assert.match(text, "if wrong permission_request misled");
  });
});

function row(
  id: string,
  { kind, meaning, launchId = "l1" }: { kind: SignalKind; meaning: MeantRow["meaning"]; launchId?: string },
): MeantRow {
  return {
    signal: { id, launchId, seq: 0, observedTime: 1000, kind, harness: "demo", event: meaning, fields: {} },
    logId: 1,
    commitTime: 1001,
    outcome: "recorded",
    rule: "R8",
    reason: "because",
    sessionId: "web-1",
    statusAfter: "needs_input",
    meaning,
  };
}
