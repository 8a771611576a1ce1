import * as assert from "uvu/assert";
import { stringify } from "yaml";
import { readHarness } from "../../../src/harness/own/read-harness.ts";
import { BUILT_IN_SPECS } from "../../../src/harness/registry.ts";
import type { HarnessSpec } from "../../../src/harness/spec.ts";
import { suite } from "../../support/suite.ts";

const LEAST = `id: my-agent
displayName: My agent
facts: { evidence: assumed, source: its --help }
binary: { names: [my-agent] }
launch:
  interactive: ["{binary}", "{prompt}"]
`;

/** Where and what, as a person reads it. */
function complaints(text: string): string[] {
  return readHarness(text).problems.map(
    ({ line, column, field, problem }) => `${line}:${column} ${field} ${problem}`,
  );
}

/** What a file can say of a built-in spec: all but what only ao's own package has. */
function asFile(spec: HarnessSpec): object | undefined {
  const { witness: _witness, traits, capabilities, screen, ...rest } = spec;
  const { hooks } = spec;
  const ships =
    hooks.strategy === "opencode-plugin" ||
    hooks.strategy === "codex-config-flag" ||
    (hooks.strategy === "files" && hooks.files.some(({ kind }) => kind === "asset"));
  if (spec.binary.bundled || traits.secondWitness || ships) return undefined;
  const { hooks: _hooks, secondWitness: _second, ...ownTraits } = traits;
  const { secondWitness: _claimed, ...claims } = capabilities;
  const { silentAnswers = false } = ownTraits;
  const { tellsTurns = false } = screen;
  // What a file implies where it does not say otherwise.
  return {
    ...rest,
    traits: { ...ownTraits, silentAnswers },
    screen: { ...screen, tellsTurns },
    capabilities: claims,
  };
}

suite("a harness in a file", ({ test }) => {
  test("the least a file must say, and what follows from it", () => {
    const { spec, problems } = readHarness(LEAST);
    assert.equal(problems, []);
    assert.is(spec?.binary.variable, "AO_MY_AGENT_BIN");
    assert.equal(spec?.hooks, { strategy: "none" });
    assert.equal(spec?.capabilities, {
      hooks: false,
      permissionSignal: false,
      turnEndSignal: false,
      exitSignal: false,
      resume: false,
      secondWitness: false,
      answer: false,
    });
    assert.equal(Object.keys(spec?.launch.permission ?? {}), ["default"]);
  });

  for (const spec of BUILT_IN_SPECS) {
    const file = asFile(spec);
    if (!file) continue;
    test(`${spec.id}: a file can say all that the built-in spec says`, () => {
      const reading = readHarness(stringify(file));
      assert.equal(reading.problems, []);
      assert.equal(reading.spec, { ...spec, witness: {} });
    });
  }

  test("every mistake is named with its line, its field and what would be right", () => {
    assert.equal(complaints(LEAST.replace("id: my-agent", "id: My Agent")), [
      "1:1 id must be 1 to 63 of a-z, 0-9 and -, not beginning with -",
    ]);
    assert.equal(complaints(LEAST.replace("evidence: assumed", "evidence: sure")), [
      '3:10 facts.evidence must be one of "seen", "documented", "assumed"; got "sure"',
    ]);
    assert.equal(complaints(`${LEAST}nonsense: 1\n`), ["7:1 nonsense is no field of a harness"]);
    assert.equal(complaints(`${LEAST}event: {}\n`), [
      '7:1 event is no field of a harness; did you mean "events"?',
    ]);
    assert.match(complaints(`${LEAST}names: [x]\n`)[0] ?? "", /^7:1 names is no field here; /);
    assert.equal(complaints(LEAST.replace("displayName: My agent\n", "")), [
      "1:1 displayName is missing: such as `displayName: My agent`",
    ]);
    assert.equal(complaints(LEAST.replace("[my-agent]", "[]")), ["4:11 binary.names must not be empty"]);
    assert.equal(complaints(LEAST.replace("[my-agent]", "my-agent")), [
      "4:11 binary.names must be a list: [my-agent]",
    ]);
    assert.equal(complaints(`${LEAST}hooks: { strategy: file }\n`), [
      '7:10 hooks.strategy is "file"; did you mean "files"? It must be one of "files", "environment", "none"',
    ]);
    assert.match(
      complaints(`${LEAST}events: { A: [{ when: [{ field: kind, equals: x }], means: receipt }] }\n`)[0] ??
        "",
      /^7:26 events\.A\[0\]\.when\[0\]\.field must be one of "nativeSessionId".*got "kind"$/,
    );
    assert.equal(complaints(LEAST.replace("{prompt}", "{promt}")), [
      "6:3 launch.interactive never gives the {prompt}; say `prompt: after_start` under launch if it is to be typed",
      "6:29 launch.interactive[1] uses {promt}; a command line has {binary}, {prompt}, {model}, {resume}; did you mean {prompt}?",
    ]);
    assert.equal(complaints(LEAST.replace('"{prompt}"', "{ whn: prompt, args: [x] }")), [
      '6:29 launch.interactive[1].when is missing: it must be one of "prompt", "model", "resume", "permission", "hooks"',
      '6:31 launch.interactive[1].whn is no field of a harness; did you mean "when"?',
    ]);
  });

  test("a value of another kind is shown as it should be written", () => {
    const screen = (lines: string) => `${LEAST}screen: { ready: [{ lines: ${lines}, all: [x] }] }\n`;
    assert.equal(complaints(screen('"8"')), [
      "7:21 screen.ready[0].lines must be a number, without quotes: 8",
    ]);
    assert.equal(complaints(screen("0")), ["7:21 screen.ready[0].lines must be 1 or more"]);
    assert.equal(complaints(LEAST.replace("My agent", "7")), [
      '2:1 displayName must be a text, in quotes: "7"',
    ]);
    assert.equal(complaints(`${LEAST}keys: { interrupt: Escape }\n`), [
      "7:9 keys.interrupt must be a list: [Escape]",
    ]);
    assert.match(
      complaints(`${LEAST}hooks: { strategy: environment, variable: X }\nevents:\n  Stop:\n`)[0] ?? "",
      /^9:3 events\.Stop has no value: it must be one of "conversation_start"/,
    );
  });

  test("what it leaves out is told, and keeps it from nothing", () => {
    const { spec, ...reading } = readHarness(`${LEAST}keys: { interrupt: [Escape] }\n`);
    assert.ok(spec);
    const advice = "advice" in reading ? reading.advice : [];
    assert.equal(
      advice.map(({ line, field }) => `${line} ${field}`),
      ["1 screen.composer"],
    );
    const whole = readHarness(
      `${LEAST}hooks: { strategy: environment, variable: X }\nevents: { Stop: turn_end }\nscreen: { composer: "> ?(.*)$" }\n`,
    );
    assert.equal(
      "advice" in whole && whole.advice.map(({ field, problem }) => `${field} ${problem.slice(0, 20)}`),
      [
        "keys.interrupt is not given: `ao in",
        "events tell of no failed tu",
        "events tell of no start (co",
        "screen.busy and `ready` are not ",
      ],
    );
  });

  test("a composer that is never seen empty is told", () => {
    const advice = (composer: string) => {
      const reading = readHarness(
        `${LEAST}keys: { interrupt: [Escape], clear: [C-u] }\nscreen: { composer: '${composer}' }\n`,
      );
      return "advice" in reading ? reading.advice.map(({ field, problem }) => `${field} ${problem}`) : ["?"];
    };
    assert.match(advice("\\n> ([^\\n]*)$")[0] ?? "", "screen.composer wants a blank before the text");
    assert.match(advice("^(?:>|›) ([^\\n]*)$")[0] ?? "", "write ` ?(`");
    for (const seen of ["\\n> ?([^\\n]*)$", "\\n>( [^\\n]*)?$", "\\n│ > ([^│]*) │$", "\\( (?:x)([^\\n]*)$"])
      assert.equal(advice(seen), [], seen);
  });

  test("a prompt that is typed for its first character wants a composer that can be seen", () => {
    const reading = readHarness(`${LEAST}  typedWhenFirst: "-"\n`);
    assert.equal("advice" in reading && reading.advice.map(({ line, field }) => `${line} ${field}`), [
      "1 screen.composer",
      "1 keys.interrupt",
      "7 launch.typedWhenFirst",
    ]);
    const seen = readHarness(`${LEAST}  typedWhenFirst: "-"\nscreen: { ready: [{ lines: 1, all: [x] }] }\n`);
    assert.equal(
      "advice" in seen && seen.advice.filter(({ field }) => field === "launch.typedWhenFirst"),
      [],
    );
  });

  test("a command line that continues a conversation without its prompt wants a composer that can be seen", () => {
    const fields = (more: string) => {
      const reading = readHarness(
        `${LEAST}  resume: ["{binary}", --continue]\n  resumeBy: directory\n${more}`,
      );
      return "advice" in reading ? reading.advice.map(({ field }) => field) : [];
    };
    assert.equal(fields("").toSorted(), ["keys.interrupt", "launch.resume", "screen.composer"]);
    assert.not.ok(fields("screen: { ready: [{ lines: 1, all: [x] }] }\n").includes("launch.resume"));
  });

  test("without hooks the screen is the witness of all turns, where it shows them", () => {
    const screen = `screen: { ready: [{ lines: 1, all: [x] }], busy: [{ lines: 1, all: [y] }], dialog: [{ lines: 1, all: [z] }]`;
    const seen = readHarness(`${LEAST}${screen} }\n`).spec;
    assert.equal(seen?.traits, {
      hooks: false,
      firstSignal: "prompt",
      secondWitness: true,
      silentAnswers: true,
    });
    assert.is(seen?.capabilities.secondWitness, true);
    const unseen = readHarness(`${LEAST}${screen}, tellsTurns: false }\n`).spec;
    assert.equal(unseen?.traits, { hooks: false, firstSignal: "launch", secondWitness: false });
    assert.is(unseen?.capabilities.secondWitness, false);
  });

  test("an approval that no event tells of is looked for on the screen", () => {
    const file = (more: string) =>
      readHarness(
        `${LEAST}hooks: { strategy: environment, variable: X }\nevents: { Ask: permission_request, Stop: turn_end${more} }\nscreen: { dialog: [{ lines: 3, all: [Allow] }] }\n`,
      ).spec?.traits.silentAnswers;
    assert.is(file(""), true);
    assert.is(file(", Answer: request_answered"), undefined);
  });

  test("events and claims must agree", () => {
    const hooks = `hooks: { strategy: environment, variable: HOOK }\n`;
    assert.equal(complaints(`${LEAST}events: { Stop: turn_end }\n`), [
      "7:1 events are listed, but `hooks.strategy` is none: nothing would report them",
    ]);
    assert.equal(complaints(`${LEAST}${hooks}`), ["1:1 events are missing: the hooks would report nothing"]);
    assert.equal(complaints(`${LEAST}${hooks}events: { Stop: turn_over }\n`).length, 1);
    assert.equal(
      complaints(`${LEAST}${hooks}events:\n  Stop: turn_end\ncapabilities: { permissionSignal: true }\n`),
      ["10:17 capabilities.permissionSignal is claimed, but no event means permission_request"],
    );
    const cases = `events:\n  Note:\n    - { means: receipt }\n    - { when: [{ field: type, equals: x }], means: turn_end }\n`;
    assert.equal(complaints(`${LEAST}${hooks}${cases}`), [
      "9:3 events.Note ends with a row that has `when`: say what it means otherwise",
      "10:7 events.Note[0] has no `when`: the rows after it are never reached",
    ]);
  });

  test("what is no YAML, or more than a file may be, is refused and never thrown", () => {
    assert.match(complaints("id: [1, 2\n")[0] ?? "", /^2:1 {2}is no YAML ao takes: /);
    assert.match(complaints("id: a\nid: b\n")[0] ?? "", /^2:1 .*"id" stands twice/);
    assert.equal(complaints(LEAST.replace("  interactive", "\tinteractive")), [
      "6:1  is no YAML ao takes: Tabs are not allowed as indentation; use spaces",
    ]);
    assert.match(complaints("")[0] ?? "", /^1:1 {2}is empty/);
    assert.match(complaints("- 1\n")[0] ?? "", /^1:1 {2}must be fields and values/);
    assert.match(complaints(`a: ${"x".repeat(300_000)}`)[0] ?? "", /larger than 262144 bytes/);
    assert.match(complaints("id: !!js/function 'x'\n")[0] ?? "", /is no YAML ao takes/);
    const bomb = Array.from(
      { length: 12 },
      (_, n) => `a${n}: &a${n} [${n ? `*a${n - 1}, *a${n - 1}, *a${n - 1}, *a${n - 1}` : "x"}]`,
    );
    assert.match(complaints(`${bomb.join("\n")}\n`)[0] ?? "", /alias/i);
  });

  test("paths lead nowhere else and patterns compile", () => {
    const file = (path: string) =>
      `${LEAST}hooks: { strategy: files, files: [{ kind: json, place: worktree, path: ${path}, hooks: { at: [hooks], shape: by_event, entry: { run: "{command}" } } }] }\nevents: { a: receipt }\n`;
    assert.equal(complaints(file(".x/hooks.json")), []);
    for (const path of ["/etc/x", "../x", "a/../../x"])
      assert.match(complaints(file(path))[0] ?? "", /must be a relative path/);
    assert.match(
      complaints(`${LEAST}screen: { ready: [{ lines: 3, all: ["("] }] }\n`)[0] ?? "",
      /^7:\d+ screen\.ready\[0\]\.all\[0\] must be a regular expression/,
    );
  });
});
