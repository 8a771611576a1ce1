import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { ScreenReading } from "../../src/core/ports/harnesses.ts";
import { createHarnesses } from "../../src/harness/registry.ts";
import { suite } from "../support/suite.ts";

const SCREENS = join(import.meta.dirname, "screens");
const HARNESS: Readonly<Record<string, string>> = {
  aider: "aider",
  amp: "amp",
  auggie: "auggie",
  droid: "droid",
  claude: "claude-code",
  codex: "codex",
  opencode: "opencode",
  gemini: "gemini",
  qwen: "qwen",
  continue: "continue",
  copilot: "copilot",
  cline: "cline",
  kilocode: "kilocode",
  grok: "grok",
  kimi: "kimi",
  omp: "omp",
  pi: "pi",
  vibe: "vibe",
};

const gate = (name: string): ScreenReading => ({ kind: "gate", gate: name });
const ready: ScreenReading = { kind: "ready" };
const question: ScreenReading = { kind: "dialog", asks: "question" };
const dialog: ScreenReading = { kind: "dialog" };
const unknown: ScreenReading = { kind: "unknown" };

/** What a person sees on each recorded screen (the versions the specs name). */
const SEEN: Readonly<Record<string, ScreenReading>> = {
  "aider.idle": ready,
  "aider.model-warning": gate("model_warning"),
  "aider.permission": dialog,
  "aider.running": unknown,
  "aider.working": unknown,
  "amp.login": gate("login"),
  "auggie.draft": unknown,
  "auggie.idle": ready,
  "auggie.indexing": gate("indexing"),
  "auggie.login": gate("login"),
  "auggie.working": unknown,
  "droid.draft": unknown,
  "droid.idle": ready,
  "droid.login": gate("login"),
  "droid.permission": dialog,
  "droid.placeholder": ready,
  "droid.question": question,
  "droid.trust": gate("trust"),
  "droid.working": unknown,
  "claude.apikey": gate("api_key"),
  "claude.bypass": gate("bypass_warning"),
  "claude.dialog-open": dialog,
  "claude.err400": ready,
  "claude.idle": ready,
  "claude.interrupted": ready,
  "claude.notloggedin": gate("login"),
  "claude.permission": dialog,
  "claude.permission-subagent": dialog,
  "claude.plan": dialog,
  "claude.plan-empty": dialog,
  "claude.question": dialog,
  "claude.queued": unknown,
  "claude.retrying": unknown,
  "claude.tool-running": unknown,
  "claude.trust": gate("trust"),
  "claude.working": unknown,
  "cline.draft": unknown,
  "cline.idle": ready,
  "cline.offer": gate("offer"),
  "cline.permission": dialog,
  "cline.question": dialog,
  "cline.working": unknown,
  "codex.hooks-review": gate("hooks_review"),
  "codex.idle": ready,
  "codex.login": gate("login"),
  "codex.permission": dialog,
  "codex.question": dialog,
  "codex.queued": unknown,
  "codex.retrying": unknown,
  "codex.trust": gate("trust"),
  // A notice above the composer, not a gate.
  "codex.update": ready,
  "codex.update-npm": ready,
  "codex.working": unknown,
  // "Allow always" was chosen: Enter would allow more than was asked.
  "kilocode.always": unknown,
  "continue.draft": unknown,
  "continue.err400": ready,
  "continue.idle": ready,
  "continue.permission": dialog,
  "continue.question": question,
  "continue.question-typed": question,
  "continue.tool-running": unknown,
  "continue.working": unknown,
  "grok.denied": ready,
  "grok.draft": unknown,
  "grok.idle": ready,
  "grok.login": gate("login"),
  "grok.permission": dialog,
  "grok.permission-edit": dialog,
  "grok.permission-subagent": dialog,
  "grok.permission-task": dialog,
  "grok.plan": dialog,
  "grok.question": dialog,
  "grok.queued": unknown,
  "grok.start": ready,
  "grok.trust": gate("trust"),
  "grok.working": unknown,
  "kilocode.idle": ready,
  "kilocode.permission": dialog,
  "kilocode.question": dialog,
  "kilocode.reject": { kind: "dialog", denial: true },
  "kilocode.working": unknown,
  "kimi.commands": unknown,
  "kimi.compacting": unknown,
  "kimi.draft": unknown,
  "kimi.idle": ready,
  "kimi.permission": dialog,
  "kimi.question": dialog,
  "kimi.question-end": dialog,
  "kimi.trust": gate("trust"),
  "kimi.working": unknown,
  "kimi.writing": unknown,
  "omp.commands": unknown,
  "omp.draft": unknown,
  "omp.idle": ready,
  "omp.permission": dialog,
  "omp.working": unknown,
  "opencode.after-turn": unknown,
  "opencode.err400": ready,
  "opencode.esc1": unknown,
  "opencode.idle": ready,
  "opencode.permission": dialog,
  "opencode.permission-edit": dialog,
  "opencode.permission-subagent": dialog,
  "opencode.question": dialog,
  "opencode.reject": ready,
  "opencode.reject-subagent": { kind: "dialog", denial: true },
  "opencode.retrying": unknown,
  "opencode.wide": ready,
  "opencode.wide-home": unknown,
  "opencode.wide-permission": dialog,
  "opencode.working": unknown,
  "vibe.draft": unknown,
  "vibe.err400": ready,
  "vibe.idle": ready,
  "vibe.permission": dialog,
  "vibe.question": dialog,
  "vibe.trust": gate("trust"),
  "vibe.working": unknown,
  "pi.draft": unknown,
  "pi.idle": ready,
  "pi.working": unknown,
  "gemini.commands": unknown,
  "gemini.compressing": unknown,
  "gemini.denied": ready,
  "gemini.draft": unknown,
  "gemini.idle": ready,
  "gemini.permission": dialog,
  "gemini.question": question,
  "gemini.working": unknown,
  "qwen.denied": ready,
  "qwen.draft": unknown,
  "qwen.idle": ready,
  "qwen.permission": dialog,
  "qwen.working": unknown,
  "copilot.denied": ready,
  "copilot.draft": unknown,
  "copilot.idle": ready,
  "copilot.permission": dialog,
  "copilot.permission-narrow": dialog,
  "copilot.question": question,
  "copilot.working": unknown,
};

const read = (name: string) => readFileSync(join(SCREENS, `${name}.txt`), "utf8");
const harnessOf = (name: string) => createHarnesses().get(HARNESS[name.split(".")[0] as string] ?? name);

suite("screens", ({ test }) => {
  test("every recorded screen is in this test's table", () => {
    const files = readdirSync(SCREENS).map((file) => file.replace(/\.txt$/, ""));
    assert.equal(files.sort(), Object.keys(SEEN).sort());
  });

  for (const [name, expected] of Object.entries(SEEN)) {
    test(name, () => assert.equal(harnessOf(name).readScreen(read(name)), expected));
  }

  test("the same screen with the blank lines a terminal adds below reads the same", () => {
    for (const [name, expected] of Object.entries(SEEN))
      assert.equal(harnessOf(name).readScreen(`${read(name)}${"   \n".repeat(30)}`), expected, name);
  });

  test("an agent's answer that quotes a dialog is no dialog", () => {
    const idle = read("claude.idle");
    const quoted = read("claude.permission");
    assert.equal(harnessOf("claude.idle").readScreen(`${quoted}\n${idle}`), ready);
  });

  test("text that stands in the composer is not an empty composer", () => {
    const typed = read("claude.idle").replace(/^❯\s*$/m, "❯ half a thought");
    assert.equal(harnessOf("claude.idle").readScreen(typed), unknown);
    const codex = read("codex.idle").replace("› Ask Codex to do anything", "› half a thought");
    assert.equal(harnessOf("codex.idle").readScreen(codex), unknown);
  });

  test("claude's composer is read, whatever stands above it", () => {
    const { readComposer } = harnessOf("claude.idle");
    assert.is(
      harnessOf("kilocode.idle").readComposer(read("kilocode.idle")),
      "",
      "a placeholder is no draft",
    );
    const marked = read("claude.idle").replace(/^❯.*$/m, "❯ \u200b");
    assert.is(readComposer(marked), "", "nobody types a space of no width");
    const typed = read("claude.idle").replace(/^❯\s*$/m, "❯ half a\n  thought");
    assert.is(readComposer(typed), "half a\n  thought");
    assert.is(readComposer(`${typed}\n${read("claude.interrupted")}`), "");
    assert.is(readComposer(read("claude.permission")), undefined);
    assert.is(readComposer(read("claude.queued")), "");
    const shell = read("claude.idle").replace(/^❯\s*$/m, "! ls");
    assert.is(readComposer(shell), "! ls");
  });

  test("the composers of Pi and OMP are read, also of several lines and while a turn runs", () => {
    const { readComposer } = harnessOf("pi.idle");
    assert.is(readComposer(read("pi.idle")), "");
    assert.is(readComposer(read("pi.draft")), "a draft\nof two lines");
    assert.is(readComposer(read("pi.working")), "");
    const omp = harnessOf("omp.idle").readComposer;
    assert.is(omp(read("omp.idle")), "");
    assert.is(omp(read("omp.draft")), "a draft");
    assert.is(omp(`${read("omp.draft").trimEnd()}\n   of two lines`), "a draft\n   of two lines");
    assert.is(omp(read("omp.working")), "");
    assert.is(omp(read("omp.permission")), undefined);
    assert.is(omp(read("omp.commands")), "/exit");
    const [menu = ""] = /\n❯ [\s\S]*$/.exec(read("omp.commands").trimEnd()) ?? [];
    assert.is(omp(`${read("omp.draft").trimEnd()}\n   and @R${menu}`), "a draft\n   and @R");
  });

  test("kimi's answers are the rows above its hint, not what is asked about", () => {
    const { answerKeys } = harnessOf("kimi.idle");
    const keysIn = (screen: string) => [answerKeys("approve", screen), answerKeys("deny", screen)];
    const dialog = read("kimi.permission");
    assert.equal(keysIn(dialog), [["1"], ["3"]]);
    const spoof = "     1. Reject\n     2. Reject with feedback\n     4. Approve once\n     3. Approve\n";
    assert.ok(dialog.includes("     a mock command\n"));
    assert.equal(keysIn(dialog.replace("     a mock command\n", spoof)), [["1"], ["3"]]);
    const plan = dialog
      .replace("1. Approve once", "1. Approve")
      .replace(/\n.*2\. Approve for.*/, "")
      .replace("3. Reject", "2. Reject")
      .replace("4. Reject with feedback", "3. Revise");
    assert.equal(keysIn(plan), [["1"], ["2"]]);
    for (const name of ["kimi.question", "kimi.question-end", "kimi.idle"])
      assert.equal(keysIn(read(name)), [[], []], name);
  });

  test("cline's composer is read, and its placeholders are no text", () => {
    const { readComposer } = harnessOf("cline.idle");
    for (const name of ["cline.idle", "cline.working"]) assert.is(readComposer(read(name)), "", name);
    assert.is(readComposer(read("cline.draft")), "y");
    for (const name of ["cline.permission", "cline.question"])
      assert.is(readComposer(read(name)), undefined, name);
  });

  test("Droid's and Auggie's composers are read, and what they suggest is no text", () => {
    const { readComposer } = harnessOf("droid.idle");
    for (const name of ["droid.idle", "droid.placeholder", "droid.working"])
      assert.is(readComposer(read(name)), "", name);
    assert.is(readComposer(read("droid.draft")), "a draft");
    assert.is(
      readComposer(`${read("droid.draft").trimEnd()}\n   /exit   Exit from the Droid CLI`),
      "a draft",
    );
    for (const name of ["droid.permission", "droid.trust"])
      assert.is(readComposer(read(name)), undefined, name);
    const auggie = harnessOf("auggie.idle").readComposer;
    for (const name of ["auggie.idle", "auggie.working"]) assert.is(auggie(read(name)), "", name);
    assert.is(auggie(read("auggie.draft")), "dra");
    assert.is(auggie(read("auggie.indexing")), undefined);
  });

  test("a running turn is seen as such, and nothing else is", () => {
    for (const agent of ["droid", "auggie"]) {
      const { showsBusy } = harnessOf(`${agent}.idle`);
      assert.ok(showsBusy?.(read(`${agent}.working`)), agent);
      for (const name of ["idle", "draft", "login"])
        assert.not.ok(showsBusy?.(read(`${agent}.${name}`)), name);
    }
  });

  test("Kimi's composer is read within its frame", () => {
    const { readComposer } = harnessOf("kimi.idle");
    assert.is(readComposer(read("kimi.idle")), "");
    assert.is(readComposer(read("kimi.draft")), "a draft");
    assert.is(readComposer(read("kimi.working")), "");
    for (const name of ["kimi.writing", "kimi.compacting"]) assert.is(readComposer(read(name)), "", name);
    assert.is(readComposer(read("kimi.commands")), "/clear");
    for (const name of ["kimi.permission", "kimi.question"])
      assert.is(readComposer(read(name)), undefined, name);
  });

  test("Grok's composer is read within its frame, whatever stands below it", () => {
    const { readComposer } = harnessOf("grok.idle");
    for (const name of ["grok.start", "grok.idle", "grok.working", "grok.queued", "grok.denied"])
      assert.is(readComposer(read(name)), "", name);
    assert.is(readComposer(read("grok.draft")), "a draft");
    for (const name of ["grok.permission", "grok.question"])
      assert.is(readComposer(read(name)), undefined, name);
  });

  test("Continue's composer is read within its frame, without its cursor and above its commands", () => {
    const { readComposer } = harnessOf("continue.idle");
    for (const name of ["continue.idle", "continue.working", "continue.err400"])
      assert.is(readComposer(read(name)), "", name);
    assert.match(readComposer(read("continue.draft")) ?? "", /^a draft\s+of two lines$/);
    const command = read("continue.idle")
      .replace(/▋?Ask anything.*(?= │)/, "/exit▋")
      .replace(/(╰─+╯)\s*\n/, "$1\n    /exit    Exit the chat\n  ↑/↓ to navigate\n");
    assert.is(readComposer(command), "/exit");
    assert.is(readComposer(read("continue.permission")), undefined);
  });

  test("Vibe's composer is read between its lines, also where a command takes its prompt away", () => {
    const { readComposer, answerKeys } = harnessOf("vibe.idle");
    for (const name of ["vibe.idle", "vibe.working", "vibe.err400"])
      assert.is(readComposer(read(name)), "", name);
    assert.is(readComposer(read("vibe.draft")), "a draft\n  of two lines");
    assert.is(readComposer(read("vibe.idle").replace(/^>$/m, "/ exit")), "/ exit");
    assert.is(readComposer(read("vibe.permission")), undefined);
    assert.equal(answerKeys("approve", read("vibe.permission")), ["1"]);
    assert.equal(answerKeys("deny", read("vibe.permission")), ["4"]);
    assert.equal(answerKeys("approve", read("vibe.question")), []);
  });

  test("Grok's answers have the keys of their rows, which each dialog numbers anew", () => {
    const { answerKeys } = harnessOf("grok.idle");
    const keysIn = (name: string) => [answerKeys("approve", read(name)), answerKeys("deny", read(name))];
    assert.equal(keysIn("grok.permission"), [["3"], ["4"]]);
    assert.equal(keysIn("grok.permission-edit"), [["3"], ["4"]]);
    assert.equal(keysIn("grok.permission-subagent"), [["3"], ["4"]]);
    assert.equal(keysIn("grok.permission-task"), [["2"], ["3"]], "no command to remember");
    for (const name of ["grok.plan", "grok.question", "grok.idle"])
      assert.equal(keysIn(name), [[], []], name);
    assert.equal(harnessOf("codex.idle").answerKeys("approve", ""), ["y"], "whatever the screen shows");
    assert.is(harnessOf("amp.login").answerKeys("approve", ""), undefined);
  });

  test("codex's composer is read, and its placeholder is no text", () => {
    const { readComposer } = harnessOf("codex.idle");
    for (const name of ["codex.idle", "codex.working", "codex.queued"])
      assert.is(readComposer(read(name)), "", name);
    const draft = read("codex.queued").replace("› Ask Codex to do anything", "› half\n  › a\n\n  thought");
    assert.is(readComposer(draft), "half\n  › a\n\n  thought");
    assert.is(readComposer(read("codex.permission")), undefined);
    assert.is(readComposer(read("codex.idle").replace("› Ask Codex to do anything", "! ls")), "! ls");
  });

  test("opencode's composer is read between its borders, beside its side bar too", () => {
    const { readComposer } = harnessOf("opencode.idle");
    for (const name of ["opencode.idle", "opencode.after-turn", "opencode.wide", "opencode.working"])
      assert.is(readComposer(read(name)), "", name);
    assert.is(readComposer(read("opencode.permission")), undefined);
    const draft = read("opencode.idle").replace(/Ask anything….*/, "half a  thought");
    assert.is(readComposer(draft), "half a  thought");
    // Far from the left border, as in the middle of a wide terminal.
    assert.is(readComposer(read("opencode.wide-home")), "SLOW 2;;SAY hello there");
  });

  test("gemini's composer is read above the list of commands, whatever the model has quoted", () => {
    const { readComposer } = harnessOf("gemini.idle");
    const list = read("gemini.commands");
    assert.is(readComposer(list), "/chat");
    assert.is(readComposer(list.replace("✦ hello", "✦ hello\n > a quote")), "/chat");
  });

  test("gemini's, qwen's and copilot's composers are read, their placeholders are no text", () => {
    for (const agent of ["gemini", "qwen", "copilot"]) {
      const { readComposer } = harnessOf(`${agent}.idle`);
      for (const state of ["idle", "working", "denied"])
        assert.is(readComposer(read(`${agent}.${state}`)), "", `${agent} ${state}`);
      assert.is(readComposer(read(`${agent}.permission`)), undefined, agent);
      assert.match(readComposer(read(`${agent}.draft`)) ?? "", /^SAY one\n\s+two lines$/);
    }
  });

  test("an empty screen and a bare shell are unknown", () => {
    for (const harness of createHarnesses().list())
      for (const text of ["", "\n\n", "user@host:~$ \n"])
        assert.equal(harness.readScreen(text), unknown, harness.id);
  });
});
