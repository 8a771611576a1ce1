import * as assert from "uvu/assert";
import { contradictions } from "../../../src/harness/own/contradictions.ts";
import { EVENT_MEANING_NAMES } from "../../../src/harness/own/meanings.ts";
import { readHarness } from "../../../src/harness/own/read-harness.ts";
import { BUILT_IN_SPECS } from "../../../src/harness/registry.ts";
import { suite } from "../../support/suite.ts";

const LAUNCH = `launch:
  interactive: ["{binary}", { insert: hooks }, { insert: permission }, "{prompt}"]
  permission: { default: {}, bypass-permissions: { args: [--yes] } }
`;
const HOOKS = `hooks:
  strategy: files
  args: [--settings, "{dir}/s.json"]
  files: [{ kind: json, place: launch, path: s.json, hooks: { at: [hooks], shape: by_event, entry: { run: "{command}" } } }]
`;
const WHOLE = `id: a
displayName: A
facts: { evidence: assumed, source: a test }
binary: { names: [a] }
${LAUNCH}${HOOKS}events: { Stop: turn_end }
screen: { ready: [{ lines: 3, all: ["^> ?$"] }] }
`;

function complaints(from = "", to = ""): string[] {
  assert.ok(WHOLE.includes(from), from);
  return readHarness(WHOLE.replace(from, to)).problems.map(({ field, problem }) => `${field} ${problem}`);
}

suite("what a harness cannot mean", ({ test }) => {
  for (const spec of BUILT_IN_SPECS)
    test(`${spec.id} says nothing of the kind`, () => assert.equal(contradictions(spec), []));

  test("a whole file has none", () => assert.equal(complaints(), []));

  test("arguments that no command line takes up", () => {
    assert.equal(complaints("{ insert: hooks }, "), [
      "hooks.args are put in nowhere: add `- insert: hooks` to launch.interactive",
    ]);
    assert.equal(complaints("{ insert: permission }, "), [
      "launch.permission.bypass-permissions.args are put in nowhere: add `- insert: permission` to launch.interactive",
    ]);
  });

  test("a record of trust without a mirror to stand in", () => {
    const trust = "  trust: { records: [~/.a/trust], to: trust, name: x, pathKey: root }\n";
    assert.equal(complaints(HOOKS, `${HOOKS}${trust}`), [
      "hooks.trust has `records`, which go into a `mirror`: there is none",
    ]);
    const mirror = "  mirror: { from: [~/.a], to: home, make: [], expect: [] }\n";
    assert.equal(complaints(HOOKS, `${HOOKS}${trust}${mirror}`), []);
  });

  test("hooks that never call ao", () => {
    assert.equal(complaints("{command}", "{comand}"), [
      "hooks.files[0].hooks.entry never names {command}: that is where ao's own command goes",
    ]);
    assert.equal(complaints("by_event", "list"), [
      "hooks.files[0].hooks.entry never names {event}: one list for all events must say which an entry is for",
    ]);
    assert.equal(complaints(', hooks: { at: [hooks], shape: by_event, entry: { run: "{command}" } }'), [
      "hooks.files has no file with `hooks`: nothing would call ao-hook",
    ]);
    const toml = `kind: toml, place: worktree, path: s.toml, table: hook, entry: { run: "{command}" }`;
    const json = HOOKS.slice(HOOKS.indexOf("kind: json"), HOOKS.indexOf(" }]\n"));
    assert.match(complaints(json, toml)[0] ?? "", "never names {event}");
    assert.equal(complaints(json, toml.replace("run:", 'on: "{event}", run:')), []);
  });

  test("a prompt that is typed where no composer can be seen", () => {
    const typed = WHOLE.replace(', "{prompt}"]', "]\n  prompt: after_start");
    assert.equal(readHarness(typed).problems, []);
    const blind = typed.replace(/^screen: .*\n/m, "");
    assert.equal(
      readHarness(blind).problems.map(({ field, problem }) => `${field} ${problem}`),
      ["launch.prompt is typed, but `screen.ready` does not say what the empty composer looks like"],
    );
  });

  test("a prompt that would be given twice", () => {
    assert.equal(complaints('"{prompt}"]', '"{prompt}"]\n  prompt: after_start'), [
      "launch.interactive[3] gives the {prompt}, and `launch.prompt: after_start` has it typed: leave out one of them",
    ]);
  });

  test("keys for a dialog that nobody could see", () => {
    const keys = "keys: { approve: [y], deny: [n] }\n";
    assert.equal(complaints("screen: ", `${keys}screen: `), [
      "keys.approve is pressed only while the dialog is seen: say in `screen.dialog` how it looks",
      "keys.deny is pressed only while the dialog is seen: say in `screen.dialog` how it looks",
    ]);
    const seen = `${keys}screen: { dialog: [{ lines: 3, all: [Allow] }], `;
    assert.equal(complaints("screen: {", seen), []);
  });

  test("a denial that is confirmed unseen, and one that is seen and not confirmed", () => {
    const keys = "keys: { approve: [y], deny: [n], confirmDenial: [Enter] }\n";
    const dialog = "screen: { dialog: [{ lines: 3, all: [Allow] }], ";
    assert.equal(complaints("screen: {", `${keys}${dialog}`), [
      "keys.confirmDenial is pressed only while the agent asks back: say in `screen.denial` how that looks",
    ]);
    const denial = `${dialog}denial: [{ lines: 3, all: [Why] }], `;
    assert.equal(complaints("screen: {", `${keys}${denial}`), []);
    assert.equal(complaints("screen: {", denial), [
      "screen.denial is asked back, but `keys.confirmDenial` does not confirm it",
    ]);
  });

  test("a pattern that wants the blanks a terminal's lines are read without", () => {
    assert.match(complaints("^> ?$", "^> $")[0] ?? "", "screen.ready[0].all[0] matches no screen");
    assert.equal(complaints("^> ?$", "^>$"), []);
  });

  test("an event that claims what only ao itself can see", () => {
    for (const meaning of ["process_exited", "kill_requested", "screen_ready"])
      assert.match(complaints("turn_end", meaning)[0] ?? "", "events.Stop must be one of", meaning);
    for (const meaning of EVENT_MEANING_NAMES) assert.equal(complaints("turn_end", meaning), []);
  });

  test("a way to go on with a conversation that its command lines do not take", () => {
    const line = (launch: string) => complaints('"{prompt}"]\n', `"{prompt}"]\n${launch}`);
    assert.equal(line('  resume: ["{binary}", --continue]\n'), [
      "launch.resume never names {resume}: which conversation would it continue? Where it is the last one of its directory, say `resumeBy: directory`",
    ]);
    assert.equal(line('  resume: ["{binary}", --continue]\n  resumeBy: directory\n'), []);
    assert.equal(line('  resume: ["{binary}", --fork, "{resume}"]\n  resumeBy: copy\n'), []);
    assert.equal(line('  resume: ["{binary}", --resume, "{resume}"]\n  resumeBy: directory\n'), [
      "launch.resume uses {resume}, and with `resumeBy: directory` there is no id: leave out one of them",
    ]);
    assert.equal(line("  resumeBy: copy\n"), ["launch.resumeBy is given, but no command line uses {resume}"]);
    assert.equal(line("  resumeBy: directory\n"), [
      "launch.resumeBy is directory, but nothing continues anything: give `launch.resume`, or `interactive` an item with `when: resume`",
    ]);
    const headless =
      '  headless: ["{binary}", { insert: hooks }, { insert: permission }, --print, "{prompt}"]\n';
    assert.equal(line(`${headless}  resume: ["{binary}", --continue]\n  resumeBy: directory\n`), [
      "launch.resumeBy is directory, but nothing continues anything: give `launch.headlessResume`, or `headless` an item with `when: resume`",
    ]);
    const cased = '"{prompt}", { when: resume, args: [--continue] }]\n  resumeBy: directory\n';
    assert.equal(complaints('"{prompt}"]\n', cased), []);
  });

  test("an id that nothing would tell", () => {
    const quiet = WHOLE.replace(HOOKS, "")
      .replace("events: { Stop: turn_end }\n", "")
      .replace("{ insert: hooks }, ", "");
    const resuming = quiet.replace(
      '"{prompt}"]\n',
      '"{prompt}"]\n  resume: ["{binary}", --resume, "{resume}"]\n',
    );
    const told = readHarness(resuming).problems.map(({ field, problem }) => `${field} ${problem}`);
    assert.match(
      told[0] ?? "",
      /^launch\.resume uses \{resume\}, and without hooks nothing tells the id; .*resumeBy: directory/,
    );
    const last = resuming.replace('--resume, "{resume}"]', "--continue]\n  resumeBy: directory");
    assert.equal(readHarness(last).problems, []);
    assert.is(readHarness(last).spec?.capabilities.resume, true);
  });
});
