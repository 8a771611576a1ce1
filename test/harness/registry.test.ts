import * as assert from "uvu/assert";
import { ID_PATTERN } from "../../src/core/ids.ts";
import { SPOOL_NAME } from "../../src/core/launch-manifest.ts";
import { MEANINGS } from "../../src/core/signal.ts";
import { canAnswer } from "../../src/harness/answer-keys.ts";
import { resumes } from "../../src/harness/own/resume-contradictions.ts";
import { BUILT_IN_SPECS, createHarnesses } from "../../src/harness/registry.ts";
import type { EventCase, HarnessSpec } from "../../src/harness/spec.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";

const unique = (values: readonly string[]) => new Set(values).size === values.length;
const casesOf = (spec: HarnessSpec): [string, readonly EventCase[]][] =>
  Object.entries(spec.events).map(([event, entry]) => [
    event,
    typeof entry === "string" ? [{ means: entry }] : entry,
  ]);

suite("harness registry", ({ test }) => {
  test("lists its specs in order and finds them by id", () => {
    const harnesses = createHarnesses();
    assert.equal(
      harnesses.list().map((harness) => harness.id),
      BUILT_IN_SPECS.map((spec) => spec.id),
    );
    assert.is(harnesses.get("codex").displayName, "Codex");
    assert.is(harnesses.find("unheard-of"), undefined);
  });

  test("an unknown id is a typed error", async () => {
    const error = await rejects(
      Promise.resolve().then(() => createHarnesses().get("unheard-of")),
      "HARNESS_NOT_FOUND",
    );
    assert.is(error.metadata.harness, "unheard-of");
  });

  test("ids, names and override variables are unique and well formed", () => {
    assert.ok(unique(BUILT_IN_SPECS.map((spec) => spec.id)));
    assert.ok(unique(BUILT_IN_SPECS.map((spec) => spec.displayName)));
    assert.ok(unique(BUILT_IN_SPECS.map((spec) => spec.binary.variable)));
    for (const spec of BUILT_IN_SPECS) {
      assert.match(spec.id, ID_PATTERN);
      assert.is(spec.binary.variable, `AO_${spec.id.toUpperCase().replaceAll("-", "_")}_BIN`);
    }
  });

  for (const spec of BUILT_IN_SPECS) {
    test(`${spec.id}: plain data, so that the same schema can come from a file`, () => {
      assert.equal(JSON.parse(JSON.stringify(spec)), spec);
    });

    test(`${spec.id}: every event ends in a row without condition, with a known meaning and a name a spool takes`, () => {
      for (const [event, cases] of casesOf(spec)) {
        assert.ok(SPOOL_NAME.test(`l1.1-0.${event}`), event);
        assert.is(cases.at(-1)?.when, undefined, `${event} has no last row`);
        assert.ok(
          cases.slice(0, -1).every((row) => row.when?.length),
          `${event} has a row nothing reaches`,
        );
        assert.ok(cases.every((row) => MEANINGS.includes(row.means)));
      }
      assert.ok(unique([...Object.keys(spec.events), ...spec.otherEvents]));
    });

    test(`${spec.id}: its table renders`, () => {
      const rows = createHarnesses().get(spec.id).events;
      const expected = casesOf(spec).reduce((sum, [, cases]) => sum + cases.length, spec.otherEvents.length);
      assert.is(rows.length, expected);
      assert.ok(rows.every((row) => row.event !== "" && row.meaning));
    });

    test(`${spec.id}: capabilities say what the event table can tell`, () => {
      const meanings = new Set(casesOf(spec).flatMap(([, cases]) => cases.map((row) => row.means)));
      const { capabilities, traits } = spec;
      assert.is(capabilities.permissionSignal, meanings.has("permission_request"));
      assert.is(capabilities.turnEndSignal, meanings.has("turn_end"));
      assert.is(capabilities.hooks, traits.hooks);
      assert.is(capabilities.secondWitness, traits.secondWitness);
      assert.is(capabilities.answer, canAnswer(spec.keys));
      assert.is(capabilities.resume, resumes(spec));
      const tellsId =
        spec.payload.fields.nativeSessionId !== undefined || spec.witness.sessions !== undefined;
      assert.is(capabilities.resume && spec.launch.resumeBy !== "directory", tellsId);
    });

    test(`${spec.id}: its expressions compile, and none can take for ever`, () => {
      const { gates, dialog, busy, ready, composer } = spec.screen;
      const { approve = "", deny = "" } = spec.keys.rows ?? {};
      const patterns = [...gates, ...dialog, ...busy, ...ready];
      for (const pattern of patterns) assert.ok(pattern.lines > 0 && pattern.all.length > 0);
      const expressions = [
        ...patterns.flatMap(({ all }) => all),
        spec.binary.versionPattern,
        composer ?? "",
        approve,
        deny,
      ];
      for (const expression of expressions) {
        assert.ok(new RegExp(expression, "m"));
        assert.not.ok(repeatsARepetition(expression), expression);
      }
      const screen = Array.from({ length: 60 }, () => "│ ❯ > ─ esc".repeat(400)).join("\n");
      const harness = createHarnesses().get(spec.id);
      assert.ok(harness.readScreen(screen).kind);
      const bars = Array.from({ length: 200 }, () => `  ┃ ${"x · ".repeat(50)}`).join("\n");
      assert.is(harness.readComposer(`${bars}\n╹`) ?? "", "");
    });

    test(`${spec.id}: every fact says how it is known`, () => {
      const { facts, screen } = spec;
      for (const { evidence, source } of [facts, ...Object.values(facts.but ?? {})]) {
        assert.ok(["seen", "documented", "assumed"].includes(evidence));
        assert.ok(source.length > 3);
      }
      if (facts.evidence === "seen") assert.match(facts.version, /^\d/);
      const hasPatterns =
        screen.gates.length + screen.dialog.length + screen.busy.length + screen.ready.length > 0;
      if (hasPatterns && screen.version === "") assert.is(facts.but?.screen?.evidence, "assumed");
    });

    test(`${spec.id}: every gate is skipped, named by a pattern, or said to be hidden`, () => {
      const patterns = new Set(spec.screen.gates.map(({ gate }) => gate));
      const gates = new Map(spec.gates.map((gate) => [gate.gate, gate]));
      for (const { gate, how, note } of spec.gates) {
        assert.ok(note.length > 3);
        if (how === "named") assert.ok(patterns.has(gate), `nothing on screen names "${gate}"`);
      }
      for (const gate of patterns) assert.ok(gates.has(gate), `"${gate}" is no gate of the spec`);
    });

    test(`${spec.id}: no dialog is drawn from what comes before every tool`, () => {
      // A tool that is the question itself, and that nobody approves, is no other's beginning.
      const asksByName = (when: readonly { field: string; equals?: string }[] = []) =>
        when.some(({ field, equals = "" }) => field === "toolName" && /question|user_input/i.test(equals));
      const asks = casesOf(spec).filter(([, cases]) =>
        cases.some(
          ({ means, when }) =>
            means === "permission_request" || (means === "question_request" && !asksByName(when)),
        ),
      );
      for (const [event] of asks) assert.not.match(event, /^(pre|before)[-_A-Z]?(tool|shell|mcp|exec)/i);
      if (!spec.capabilities.permissionSignal && spec.capabilities.hooks && spec.id !== "demo")
        assert.ok(
          spec.limits.some((limit) => /dialog/.test(limit)),
          "its limits say so",
        );
    });

    test(`${spec.id}: without hooks nothing is expected of it`, () => {
      const none = spec.hooks.strategy === "none";
      assert.is(spec.traits.hooks, !none);
      assert.is(Object.keys(spec.events).length === 0, none);
      // At launch: it never counts as idle for want of a prompt, nor as silent. Where its screen tells of turns, it is so.
      if (none) assert.is(spec.traits.firstSignal, spec.screen.tellsTurns ? "prompt" : "launch");
      if (none) assert.is(spec.traits.secondWitness, spec.screen.tellsTurns === true, "its screen");
    });
  }
});

/**
 * A repeated group of one line each: it begins with the line's break and then takes no other, so that there is one way
 * only to cut a text into such lines.
 */
const LINES = /\(\?:(?:\\n|\(\?:\^\|\\n\))(?:\[\^[^\]]*\\n\]\*|[^\\()[\]*+?{}|.])*\)[+*]/g;

/** A group that repeats without bound and holds a repetition without bound: time can grow with the text's power. */
function repeatsARepetition(expression: string): boolean {
  const plain = expression
    .replace(LINES, "x")
    .replace(/\\./g, "x")
    .replace(/\[[^\]]*\]/g, "x");
  const groups: number[] = [];
  for (let at = 0; at < plain.length; at++) {
    if (plain[at] === "(") groups.push(at);
    if (plain[at] !== ")") continue;
    const inner = plain.slice(groups.pop() ?? 0, at);
    const unbound = /^([+*]|\{\d+,\})/.test(plain.slice(at + 1));
    if (unbound && /[+*]|\{\d+,\}/.test(inner)) return true;
  }
  return false;
}

suite("expressions that could take for ever", ({ test }) => {
  test("are told from those that cannot", () => {
    for (const bad of ["(a+)+", "(a*b*)*", "((a|b)+c)+", "(a+){2,}", "(?:\\n?[^\\n]*)+", "(?:\\n.*)+"])
      assert.ok(repeatsARepetition(bad), bad);
    for (const good of [
      "(a+){3}",
      "a+b*",
      "(ab)+",
      "[(+]+",
      "\\(a+\\)+",
      "((?:(?:^|\\n)[^\\S\\n]*┃[^\\n]*)+)x",
      "(?:\\n> [^\\n]*)+",
    ])
      assert.not.ok(repeatsARepetition(good), good);
  });
});
