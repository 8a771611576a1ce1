import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mock } from "node:test";
import * as assert from "uvu/assert";
import { createHarnesses } from "../../src/harness/registry.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { type SpoolRecord, spoolRecords } from "./spool-records.ts";

const PLUGIN = "../../src/harness/assets/opencode-plugin.js";
const ROOT = "ses_root";
const CHILD = "ses_child";

interface Hooks {
  event(input: { event: { type: string; properties: unknown } }): Promise<void>;
  "chat.message"(input: object, output: object): Promise<void>;
  "tool.execute.before"(input: object): Promise<void>;
  "tool.execute.after"(input: object): Promise<void>;
  "shell.env"(input: object, output: { env: Record<string, string> }): Promise<void>;
  dispose(): Promise<void>;
}

/** The plugin, loaded as opencode loads it, with a spool of its own. */
async function load(spool: string, env: Record<string, string> = {}, client: object = {}) {
  Object.assign(process.env, { AO_SPOOL: spool, AO_LAUNCH_ID: "l1", ...env });
  const { AoPlugin } = await import(PLUGIN);
  const hooks = (await AoPlugin({ directory: "/repo", client })) as Hooks;
  const bus = (type: string, properties: object) => hooks.event({ event: { type, properties } });
  return {
    hooks,
    bus,
    status: (sessionID: string, type: string) => bus("session.status", { sessionID, status: { type } }),
    prompt: (sessionID: string, text: string) =>
      hooks["chat.message"]({ sessionID }, { message: {}, parts: [{ type: "text", text }] }),
    records: () => spoolRecords(spool, createHarnesses().get("opencode")),
  };
}

const told = (records: readonly SpoolRecord[]) => records.map(({ event, meaning }) => `${event} ${meaning}`);

suite("opencode plugin", ({ test, beforeEach, afterEach }) => {
  let dir: ReturnType<typeof tempDir>;
  let spool: string;
  beforeEach(() => {
    dir = tempDir();
    spool = join(dir.path, "spool");
  });
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith("AO_")) delete process.env[name];
    dir[Symbol.dispose]();
  });

  test("a turn with an approved tool", async () => {
    const { bus, hooks, status, prompt, records } = await load(spool);
    await bus("session.created", { sessionID: ROOT, info: { id: ROOT } });
    await prompt(ROOT, "mend it");
    for (const _ of [1, 2, 3]) await status(ROOT, "busy");
    await hooks["tool.execute.before"]({ tool: "bash", sessionID: ROOT, callID: "c1" });
    await bus("permission.asked", {
      id: "per_1",
      sessionID: ROOT,
      permission: "bash",
      metadata: { command: "geheim" },
      tool: { callID: "c1" },
    });
    await bus("permission.replied", { sessionID: ROOT, requestID: "per_1", reply: "once" });
    await hooks["tool.execute.after"]({
      tool: "bash",
      sessionID: ROOT,
      callID: "c1",
      args: { command: "geheim" },
    });
    await bus("message.updated", { info: { id: "m1", sessionID: ROOT, role: "assistant" } });
    await bus("message.part.updated", {
      part: { type: "text", messageID: "m1", sessionID: ROOT, text: "mended" },
    });
    await status(ROOT, "idle");
    await bus("session.idle", { sessionID: ROOT });
    await bus("session.idle", { sessionID: ROOT });
    await hooks.dispose();
    assert.equal(told(records()), [
      "plugin.init receipt",
      "session.created conversation_start",
      "chat.message prompt",
      "tool.execute.before tool_start",
      "permission.asked permission_request",
      "permission.replied request_answered",
      "tool.execute.after tool_end",
      "session.idle turn_end",
      "dispose receipt",
    ]);
    const [, , asked, , request, answer, , end] = records();
    assert.equal(asked?.fields, { nativeSessionId: ROOT, prompt: "mend it" });
    assert.equal(request?.fields, {
      nativeSessionId: ROOT,
      requestId: "per_1",
      toolName: "bash",
      toolUseId: "c1",
    });
    assert.is(answer?.fields.reason, "approve");
    assert.is(end?.fields.message, "mended");
    const texts = readdirSync(spool).map((name) => readFileSync(join(spool, name), "utf8"));
    assert.not.ok(texts.join("").includes("geheim"));
  });

  test("records are private and numbered upwards; a number that is taken is passed over", async () => {
    mkdirSync(spool);
    const taken = join(spool, `l1.${process.pid}-1.plugin.init`);
    writeFileSync(taken, "of another life");
    const { status, hooks } = await load(spool);
    writeFileSync(join(spool, `l1.${process.pid}-1.session.status`), "of another life");
    await status(ROOT, "busy");
    await hooks.dispose();
    const names = readdirSync(spool).filter((name) => !name.startsWith("."));
    assert.equal(names.sort(), [
      `l1.${process.pid}-0.plugin.init`,
      `l1.${process.pid}-1.plugin.init`,
      `l1.${process.pid}-1.session.status`,
      `l1.${process.pid}-2.session.status`,
      `l1.${process.pid}-3.dispose`,
    ]);
    assert.is(readFileSync(taken, "utf8"), "of another life");
    assert.is(statSync(join(spool, `l1.${process.pid}-2.session.status`)).mode & 0o777, 0o600);
    assert.equal(
      readdirSync(spool).filter((name) => name.startsWith(".")),
      [],
    );
  });

  test("a child's conversation is a subagent of its parent, its request is told, its idle ends only itself", async () => {
    const { bus, prompt, status, records } = await load(spool);
    await prompt(ROOT, "look");
    await bus("session.created", { sessionID: CHILD, info: { id: CHILD, parentID: ROOT } });
    await prompt(CHILD, "sub");
    await bus("permission.asked", {
      id: "per_2",
      sessionID: CHILD,
      permission: "bash",
      tool: { callID: "c" },
    });
    await bus("permission.replied", { sessionID: CHILD, requestID: "per_2", reply: "reject" });
    await status(CHILD, "idle");
    await status(ROOT, "idle");
    const [, , created, , asked, replied, childIdle, idle] = records();
    const child = { nativeSessionId: CHILD, parentSessionId: ROOT, agentId: CHILD };
    assert.equal(created?.fields, { ...child, source: "startup" });
    assert.is(created?.meaning, "subagent_start");
    assert.is(asked?.meaning, "permission_request");
    assert.is(asked?.fields.agentId, CHILD);
    assert.is(replied?.fields.reason, "deny");
    assert.is(childIdle?.meaning, "subagent_end");
    assert.is(idle?.meaning, "turn_end");
    assert.is(idle?.fields.agentId, undefined);
  });

  test("a child that is known only from an update is a child all the same", async () => {
    const { bus, status, records } = await load(spool);
    await bus("session.updated", { info: { id: CHILD, parentID: ROOT } });
    await status(CHILD, "busy");
    assert.is(records().at(-1)?.fields.agentId, CHILD);
  });

  test("an error, an abort, a retry, a compaction, a question", async () => {
    const { bus, status, prompt, records } = await load(spool);
    await prompt(ROOT, "x");
    await status(ROOT, "retry");
    await status(ROOT, "retry");
    await bus("session.error", {
      sessionID: ROOT,
      error: { name: "APIError", data: { message: "mock 400" } },
    });
    await bus("session.error", { error: { name: "MessageAbortedError", data: { message: "Aborted" } } });
    await bus("session.compacted", { sessionID: ROOT });
    await bus("question.asked", { id: "que_1", sessionID: ROOT, questions: [{ question: "which?" }] });
    await bus("question.rejected", { sessionID: ROOT, requestID: "que_1" });
    assert.equal(told(records()).slice(2), [
      "session.status progress",
      "session.status progress",
      "session.error turn_problem",
      "session.error turn_interrupted",
      "session.compacted compact_end",
      "question.asked question_request",
      "question.rejected request_answered",
    ]);
    assert.equal(records()[4]?.fields, { nativeSessionId: ROOT, reason: "APIError", message: "mock 400" });
    assert.is(records()[7]?.fields.message, "which?");
    assert.is(records()[8]?.fields.reason, "deny");
  });

  test("Kilo Code's own dialogs: the network is gone, an offer of what to do next", async () => {
    const { bus, prompt, records } = await load(spool);
    await prompt(ROOT, "x");
    const about = { sessionID: ROOT, requestID: "r1" };
    await bus("session.network.asked", { id: "r1", sessionID: ROOT, message: "Connection refused" });
    await bus("session.network.replied", about);
    await bus("suggestion.shown", { id: "r1", sessionID: ROOT, text: "Review it?", tool: { callID: "c1" } });
    await bus("suggestion.dismissed", about);
    const fields = records()
      .slice(-4)
      .map(({ fields: { requestId, toolName, message, reason } }) => [requestId, toolName, message, reason]);
    assert.equal(fields, [
      ["r1", "session.network", "Connection refused", undefined],
      ["r1", undefined, undefined, "approve"],
      ["r1", "suggestion", "Review it?", undefined],
      ["r1", undefined, undefined, "deny"],
    ]);
  });

  test("what comes after the end of a turn begins none: the user's message is updated once more", async () => {
    const { bus, status, prompt, records } = await load(spool);
    await prompt(ROOT, "x");
    await status(ROOT, "idle");
    const before = records().length;
    await bus("message.updated", { info: { id: "m", sessionID: ROOT, role: "user" } });
    await bus("session.updated", { info: { id: ROOT } });
    await bus("session.diff", { sessionID: ROOT, diff: [] });
    assert.is(records().length, before);
    await prompt(ROOT, "again");
    await status(ROOT, "idle");
    assert.is(records().at(-1)?.meaning, "turn_end");
  });

  test("the heartbeat says busy while a turn runs, and nothing at a dialog or when idle", async () => {
    mock.timers.enable({ apis: ["setInterval"] });
    try {
      const { bus, status, prompt, hooks, records } = await load(spool);
      const beats = () => records().filter(({ meaning }) => meaning === "witness_active").length;
      mock.timers.tick(30_000);
      assert.is(beats(), 0);
      await prompt(ROOT, "x");
      await bus("session.created", { info: { id: CHILD, parentID: ROOT } });
      await status(CHILD, "busy");
      mock.timers.tick(60_000);
      assert.is(beats(), 2);
      await bus("permission.asked", { id: "per_1", sessionID: CHILD, permission: "bash" });
      mock.timers.tick(60_000);
      assert.is(beats(), 2);
      await bus("permission.replied", { sessionID: CHILD, requestID: "per_1", reply: "once" });
      mock.timers.tick(30_000);
      assert.is(beats(), 3);
      await status(ROOT, "idle");
      mock.timers.tick(30_000);
      assert.is(beats(), 3);
      await prompt(ROOT, "y");
      await hooks.dispose();
      mock.timers.tick(30_000);
      assert.is(beats(), 3);
    } finally {
      mock.timers.reset();
    }
  });

  test("a beat tells the end of a turn once more, which a full disk may have lost", async () => {
    mock.timers.enable({ apis: ["setInterval"] });
    try {
      const { bus, status, prompt, records } = await load(spool);
      const ends = () => records().filter(({ meaning }) => meaning === "witness_idle").length;
      await prompt(ROOT, "x");
      await bus("session.created", { info: { id: CHILD, parentID: ROOT } });
      await status(CHILD, "busy");
      await status(CHILD, "idle");
      mock.timers.tick(30_000);
      assert.is(ends(), 0);
      await status(ROOT, "idle");
      mock.timers.tick(30_000);
      assert.is(ends(), 1);
      mock.timers.tick(60_000);
      assert.is(ends(), 1);
      await prompt(ROOT, "y");
      await status(ROOT, "idle");
      await prompt(ROOT, "z");
      mock.timers.tick(30_000);
      assert.is(ends(), 1, "a turn that runs again has not ended");
      assert.is(records().at(-1)?.meaning, "witness_active");
    } finally {
      mock.timers.reset();
    }
  });

  test("the prompt of a resumed conversation is submitted once", async () => {
    const file = join(dir.path, "prompt.json");
    writeFileSync(file, JSON.stringify({ sessionID: ROOT, prompt: "- go on\n", model: "mock/a/b" }));
    const calls: unknown[] = [];
    const client = { session: { promptAsync: async (call: unknown) => void calls.push(call) } };
    await load(spool, { AO_PLUGIN_PROMPT: file }, client);
    await eventually(() => calls.length > 0);
    assert.equal(calls[0], {
      path: { id: ROOT },
      body: {
        model: { providerID: "mock", modelID: "a/b" },
        parts: [{ type: "text", text: "- go on\n" }],
      },
      throwOnError: true,
    });
    assert.not.ok(existsSync(file));
    await load(spool, { AO_PLUGIN_PROMPT: file }, client);
    await new Promise((resolve) => setImmediate(() => setTimeout(resolve, 5)));
    assert.is(calls.length, 1);
  });

  /** A conversation that was resumed with a prompt, as far as its first events. */
  const resume = async (promptAsync: (call: unknown) => Promise<unknown>) => {
    const file = join(dir.path, "prompt.json");
    writeFileSync(file, JSON.stringify({ sessionID: ROOT, prompt: "go on", model: "" }));
    const calls: unknown[] = [];
    const counted = (call: unknown) => {
      calls.push(call);
      return promptAsync(call);
    };
    const plugin = await load(spool, { AO_PLUGIN_PROMPT: file }, { session: { promptAsync: counted } });
    await eventually(() => calls.length > 0);
    await plugin.prompt(ROOT, "go on");
    await plugin.status(ROOT, "busy");
    const says = (id: string, summary: boolean) =>
      plugin.bus("message.updated", { info: { id, sessionID: ROOT, role: "assistant", summary } });
    return { ...plugin, calls, says };
  };

  test("a prompt that the end of a cut-off compaction swallows is submitted once more, and the turn goes on", async () => {
    const { bus, calls, says, status, records } = await resume(async () => {});
    await says("m1", true);
    await bus("session.compacted", { sessionID: ROOT });
    await status(ROOT, "idle");
    await bus("session.idle", { sessionID: ROOT });
    assert.is(calls.length, 2);
    assert.equal(calls[1], calls[0]);
    assert.is(records().at(-1)?.meaning, "compact_end");
    await status(ROOT, "busy");
    await says("m2", false);
    await bus("session.compacted", { sessionID: ROOT });
    await status(ROOT, "idle");
    assert.is(records().at(-1)?.meaning, "turn_end");
    assert.is(calls.length, 2);
  });

  test("a prompt that was answered is not submitted again, whatever is compacted after it", async () => {
    const { bus, calls, says, status, records } = await resume(async () => {});
    await says("m1", false);
    await bus("session.compacted", { sessionID: ROOT });
    await status(ROOT, "idle");
    assert.is(calls.length, 1);
    assert.is(records().at(-1)?.meaning, "turn_end");
  });

  test("a prompt whose turn ends without an answer and without a compaction is not submitted again", async () => {
    const { bus, calls, status, records } = await resume(async () => {});
    await bus("session.compacted", { sessionID: CHILD });
    await status(ROOT, "idle");
    assert.is(calls.length, 1);
    assert.is(records().at(-1)?.meaning, "turn_end");
  });

  test("a second submission that is refused ends the turn", async () => {
    let refused = false;
    const { bus, status, records } = await resume(async () => {
      if (refused) throw new Error("no");
      refused = true;
    });
    await bus("session.compacted", { sessionID: ROOT });
    await status(ROOT, "idle");
    await eventually(() => records().at(-1)?.meaning === "turn_end");
  });

  test("the agent's commands get the person's own config back", async () => {
    const { hooks } = await load(spool, { AO_PLUGIN_RESTORE: '{"OPENCODE_CONFIG_CONTENT":"{}"}' });
    const output = { env: { OPENCODE_CONFIG_CONTENT: "ours", KEPT: "1" } };
    await hooks["shell.env"]({}, output);
    assert.equal(output.env, { OPENCODE_CONFIG_CONTENT: "{}", KEPT: "1" });
  });

  test("outside a session, or with a launch id that is none, it does nothing", async () => {
    assert.equal(Object.keys((await load("")).hooks), []);
    assert.equal(Object.keys((await load("relative")).hooks), []);
    assert.equal(Object.keys((await load(spool, { AO_LAUNCH_ID: "../x" })).hooks), []);
    assert.not.ok(existsSync(spool));
  });

  test("nothing that goes wrong reaches the agent: odd events, a spool that is gone or a file", async () => {
    const { bus, hooks, status, records } = await load(spool);
    for (const properties of [undefined, null, {}, { info: null }, { sessionID: 7, status: null }, "x"])
      for (const type of [
        "session.created",
        "session.status",
        "session.idle",
        "session.error",
        "permission.asked",
      ])
        await bus(type, properties as object);
    await bus("never.heard.of", {});
    await hooks["chat.message"]({}, {});
    rmSync(spool, { recursive: true });
    await status(ROOT, "busy");
    assert.is(records().at(-1)?.event, "session.status");
    rmSync(spool, { recursive: true });
    writeFileSync(spool, "a file");
    await status(ROOT, "idle");
    await hooks.dispose();
    assert.is(readFileSync(spool, "utf8"), "a file");
  });
});
