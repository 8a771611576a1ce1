import fc from "fast-check";
import * as assert from "uvu/assert";
import type { HarnessTraits } from "../../src/core/reduce-types.ts";
import { initialFacts } from "../../src/core/reducer/initial-facts.ts";
import { reduce } from "../../src/core/reducer/reduce.ts";
import type { Facts, Status } from "../../src/core/session.ts";
import { MEANINGS, type Meaning } from "../../src/core/signal.ts";
import { deriveStatus, nextStatusChange, waitingOn } from "../../src/core/status.ts";
import { suite } from "../support/suite.ts";
import { arbitraryFields, arbitrarySignals, deepFreeze, LAST_AT, type Told } from "./arbitrary-signals.ts";
import { signalOf, T0, TRAITS } from "./story.ts";

/** Four seconds at most; rare meetings of signals need the number. */
fc.configureGlobal({ numRuns: 1000 });

const NOW = T0 + LAST_AT;

const launches = fc.record({
  launchId: fc.constant("l1"),
  launchTime: fc.constant(T0),
  promptPending: fc.boolean(),
  headless: fc.boolean(),
});
const traits: fc.Arbitrary<HarnessTraits> = fc.record({
  hooks: fc.boolean(),
  firstSignal: fc.constantFrom("launch", "prompt"),
  secondWitness: fc.boolean(),
});
const starts = launches.map((launch) => initialFacts(launch));

function fold(facts: Facts, signals: readonly Told[], now = NOW): Facts {
  return signals.reduce((so, told) => reduce(so, told, now, TRAITS).facts, facts);
}

function told(meaning: Meaning, at: number, fields = {}, id = `${meaning}-${at}`): Told {
  return { meaning, signal: signalOf({ id, at, meaning, fields }) };
}

/** What a client sees, spelled out again so that the reducer's own comparison is tested too. */
function seenBy(facts: Facts, now: number) {
  const waiting = waitingOn(facts);
  return {
    ...deriveStatus(facts, TRAITS, now),
    process: [facts.process.state, facts.process.pid, facts.process.exit],
    activity: [facts.activity.state, facts.activity.since],
    waiting: waiting && [waiting.kind, waiting.tool, waiting.message, waiting.requestId],
    rest: [facts.backgroundTasks, facts.nativeSessionIds, facts.title, facts.summary],
  };
}

const ENDINGS: readonly Meaning[] = ["process_exited", "process_dead", "spawn_failed", "kill_requested"];
const LIVING = MEANINGS.filter((meaning) => !ENDINGS.includes(meaning));

suite("properties of the reducer", ({ test }) => {
  test("R4: after a witnessed exit only a new launch changes the status", () => {
    fc.assert(
      fc.property(
        starts,
        arbitrarySignals(),
        arbitraryFields,
        arbitrarySignals(),
        (start, before, how, after) => {
          const lived = fold(start, before);
          const witnessed = how.exitSignal === undefined ? { exitCode: 0, ...how } : how;
          const ended = fold(lived, [told("process_exited", 1000, witnessed, "exit")]);
          const verdict = deriveStatus(ended, TRAITS, NOW);
          assert.ok(["exited", "failed", "terminated"].includes(verdict.status), verdict.status);
          let facts = ended;
          for (const late of after) {
            facts = fold(facts, [late]);
            assert.equal(deriveStatus(facts, TRAITS, NOW), verdict);
          }
          const fresh = initialFacts(
            { launchId: "l2", launchTime: NOW, promptPending: false, headless: false },
            facts,
          );
          assert.is(deriveStatus(fresh, TRAITS, NOW).status, "starting");
        },
      ),
    );
  });

  test("R4: life newer than an inferred death always takes it back", () => {
    const living = fc.constantFrom<Meaning>("receipt", "prompt", "turn_end", "witness_idle", "process_alive");
    fc.assert(
      fc.property(
        starts,
        arbitrarySignals({ meanings: LIVING, lastAt: 100_000 }),
        living,
        (start, before, life) => {
          const running = fold(start, [told("process_started", 0), ...before]);
          const lost = fold(running, [told("process_dead", 150_000, { reason: "gone" })]);
          assert.is(deriveStatus(lost, TRAITS, NOW).status, "lost");
          assert.is(fold(lost, [told(life, 140_000)]).process.state, "lost");
          assert.is(fold(lost, [told(life, 160_000)]).process.state, "running");
        },
      ),
    );
  });

  test("R1: a stale launch never changes facts", () => {
    fc.assert(
      fc.property(starts, arbitrarySignals(), arbitrarySignals(), (start, ours, theirs) => {
        const facts = fold(start, ours);
        for (const { signal, meaning } of theirs) {
          const reduction = reduce(facts, { signal: { ...signal, launchId: "l0" }, meaning }, NOW, TRAITS);
          assert.is(reduction.facts, facts);
          assert.is(reduction.outcome, "stale_launch");
        }
      }),
    );
  });

  test("it is deterministic and changes nothing it is given", () => {
    fc.assert(
      fc.property(starts, arbitrarySignals(), traits, (start, signals, of) => {
        let facts = deepFreeze(start);
        for (const each of deepFreeze(signals)) {
          const first = reduce(facts, each, NOW, deepFreeze(of));
          assert.equal(reduce(facts, each, NOW, of), first);
          facts = deepFreeze(first.facts);
        }
      }),
    );
  });

  test("R5: blocked if and only if a request is open while the process lives", () => {
    fc.assert(
      fc.property(starts, arbitrarySignals(), (start, signals) => {
        let facts = start;
        for (const each of signals) {
          facts = fold(facts, [each]);
          const lives = facts.process.state === "starting" || facts.process.state === "running";
          assert.is(facts.activity.state === "blocked", lives && facts.requests.length > 0);
          assert.is(
            waitingOn(facts) !== undefined,
            ["blocked", "waiting_input"].includes(facts.activity.state),
          );
        }
      }),
    );
  });

  test("R5: other tools and subagents never end the root's request", () => {
    const others = arbitraryFields.map((fields) => ({
      ...fields,
      nativeSessionId: undefined,
      requestId: undefined,
      agentId: fields.agentId,
      toolName: fields.agentId ? fields.toolName : "Write",
      toolUseId: fields.agentId ? fields.toolUseId : "t9",
    }));
    const meanings: Meaning[] = [
      "tool_start",
      "tool_end",
      "progress",
      "receipt",
      "notify_permission",
      "subagent_end",
    ];
    const childOnly = others.map((fields) => ({ ...fields, agentId: fields.agentId ?? "a1" }));
    const childMeanings: Meaning[] = [
      ...meanings,
      "tool_batch_end",
      "turn_end",
      "turn_interrupted",
      "prompt",
    ];
    const both = fc.tuple(
      arbitrarySignals({ meanings, fields: others }),
      arbitrarySignals({ meanings: childMeanings, fields: childOnly }),
    );
    fc.assert(
      fc.property(both, fc.boolean(), (lists, named) => {
        const asked = { toolName: "Bash", toolInputDigest: "d1", toolUseId: named ? "t1" : undefined };
        const start = initialFacts({ launchId: "l1", launchTime: T0, promptPending: false, headless: false });
        const open = fold(start, [
          told("process_started", 0),
          told("permission_request", 1000, asked, "ask"),
        ]);
        const after = fold(open, lists.flat());
        const root = after.requests.filter(
          (request) => request.agentId === undefined && request.tool === "Bash",
        );
        assert.is(root.length, 1);
      }),
    );
  });

  test("R2: what is delivered twice counts once", () => {
    fc.assert(
      fc.property(starts, arbitrarySignals(), fc.nat(30), (start, signals, cut) => {
        const again = [...signals.slice(0, cut), ...signals];
        const known = new Set<string>();
        const once = again.filter(({ signal }) => !known.has(signal.id) && known.add(signal.id));
        assert.equal(fold(start, once), fold(start, signals));
      }),
    );
  });

  test("R8: whatever the order was, one reading of the witness tells the truth", () => {
    const unsure: readonly Meaning[] = [...ENDINGS, "limit", "auth_required", "notify_input"];
    const meanings = MEANINGS.filter((meaning) => !unsure.includes(meaning));
    const truths: [Meaning, Status][] = [
      ["witness_idle", "idle"],
      ["witness_active", "working"],
      ["witness_blocked", "needs_input"],
    ];
    const signals = arbitrarySignals({ meanings });
    const permuted = signals.chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
    fc.assert(
      fc.property(permuted, fc.constantFrom(...truths), (delivered, [meaning, status]) => {
        const start = initialFacts({ launchId: "l1", launchTime: T0, promptPending: false, headless: false });
        const shows = [told("process_started", 0), told("witness_blocked", 0), told("receipt", 0)];
        const facts = fold(start, [...shows, ...delivered]);
        const background = meaning === "witness_active" && facts.backgroundTasks > 0;
        fc.pre(!background);
        const now = NOW + 1000;
        const after = fold(facts, [told(meaning, LAST_AT + 1000, {}, "truth")], now);
        assert.is(deriveStatus(after, TRAITS, now).status, status);
      }),
    );
  });

  test("time alone leads only to unverified, no_signal, or idle from starting; and when is known", () => {
    fc.assert(
      fc.property(starts, arbitrarySignals(), traits, fc.nat(10 * LAST_AT), (start, signals, of, later) => {
        const facts = fold(start, signals);
        const status = deriveStatus(facts, of, NOW).status;
        const next = nextStatusChange(facts, of, NOW);
        const then = deriveStatus(facts, of, NOW + later).status;
        if (next === undefined || NOW + later < next) assert.is(then, status);
        if (next !== undefined) {
          assert.ok(next > NOW);
          assert.is(deriveStatus(facts, of, next - 1).status, status);
          assert.is.not(deriveStatus(facts, of, next).status, status);
        }
        if (then !== status) {
          const fromStart = status === "starting" && ["idle", "no_signal", "unverified"].includes(then);
          assert.ok(fromStart || (status === "working" && then === "unverified"), `${status} → ${then}`);
        }
      }),
    );
  });

  test("applied means, and only it means, that a client sees something new", () => {
    fc.assert(
      fc.property(starts, arbitrarySignals(), (start, signals) => {
        let facts = start;
        for (const each of signals) {
          const { facts: after, outcome } = reduce(facts, each, NOW, TRAITS);
          const same = JSON.stringify(seenBy(after, NOW)) === JSON.stringify(seenBy(facts, NOW));
          assert.is(outcome === "applied", !same, `${each.meaning} ${outcome}`);
          facts = after;
        }
      }),
    );
  });

  test("no list grows without bound", () => {
    let facts = fold(
      initialFacts({ launchId: "l1", launchTime: T0, promptPending: false, headless: false }),
      [],
    );
    for (let n = 0; n < 300; n++) {
      const who = { agentId: `a${n}`, toolName: "Bash", toolUseId: `t${n}`, toolInputDigest: `d${n}` };
      facts = fold(facts, [
        told("subagent_start", n, who),
        told("tool_start", n, who),
        told("permission_request", n, who),
        told("tool_end", n, { ...who, toolUseId: `x${n}` }),
        told("tool_batch_end", n, { agentId: `b${n}` }),
        told("conversation_start", n, { nativeSessionId: `n${n}` }),
        told("conversation_start", n, { nativeSessionId: `c${n}`, parentSessionId: "n0" }),
      ]);
    }
    assert.ok(JSON.stringify(facts).length < 40_000, String(JSON.stringify(facts).length));
  });
});
