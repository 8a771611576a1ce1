import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mock } from "node:test";
import * as assert from "uvu/assert";
import { createHarnesses } from "../../src/harness/registry.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { type SpoolRecord, spoolRecords } from "./spool-records.ts";

const EXTENSION = "../../src/harness/assets/pi-extension.mjs";
const SHARED = Symbol.for("ao.extension");
const ROOT = "conversation-1";

type Handler = (told: object, context: object) => unknown;

/** What Pi 0.73 gives an extension; 0.87 answers with an unsubscribing function, OMP brings a logger. */
interface Api {
  on(event: string, handler: Handler): unknown;
  logger?: object;
}

const user = (text: string) => ({ message: { role: "user", content: [{ type: "text", text }] } });
const ended = (stopReason: string, text = "", errorMessage?: string) => ({
  messages: [{ role: "assistant", stopReason, errorMessage, content: [{ type: "text", text }] }],
});

/** The extension, loaded as the agent loads it for one conversation. */
async function load(kind: "pi-0.73" | "pi-0.87" | "omp", sessionId = ROOT) {
  const handlers = new Map<string, Handler>();
  const api: Api = {
    on(event, handler) {
      handlers.set(event, handler);
      return kind === "pi-0.87" ? () => undefined : undefined;
    },
    ...(kind === "omp" ? { logger: {} } : {}),
  };
  const { default: extend } = await import(EXTENSION);
  extend(api);
  const context = {
    cwd: "/repo",
    sessionManager: { getSessionId: () => sessionId, getSessionFile: () => `/home/${sessionId}.jsonl` },
  };
  return {
    handlers,
    tell: (event: string, told: object = {}) => handlers.get(event)?.(told, context),
  };
}

/** Runs with a clock that moves by hand; the suite's own deadline is set and cleared by the real one. */
async function withClock(
  api: "setTimeout" | "setInterval",
  body: (tick: (ms: number) => void) => Promise<void>,
) {
  mock.timers.enable({ apis: [api] });
  try {
    await body((ms) => mock.timers.tick(ms));
  } finally {
    mock.timers.reset();
  }
}

const told = (records: readonly SpoolRecord[]) => records.map(({ event, meaning }) => `${event} ${meaning}`);

suite("the extension of Pi and OMP", ({ test, beforeEach, afterEach }) => {
  let dir: ReturnType<typeof tempDir>;
  let spool: string;
  const records = (harness: "pi" | "omp") => spoolRecords(spool, createHarnesses().get(harness));
  const last = (harness: "pi" | "omp") => told(records(harness)).at(-1);
  beforeEach(() => {
    dir = tempDir();
    spool = join(dir.path, "spool");
    Object.assign(process.env, { AO_SPOOL: spool, AO_LAUNCH_ID: "l1" });
  });
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith("AO_")) delete process.env[name];
    Reflect.deleteProperty(globalThis, SHARED);
    dir[Symbol.dispose]();
  });

  test("a turn with a tool, told by an agent that says when it rests", async () => {
    const { tell } = await load("pi-0.87");
    tell("session_start", { reason: "startup" });
    tell("agent_start");
    tell("message_start", { message: { role: "system", content: "" } });
    tell("message_start", user("mend it"));
    tell("tool_execution_start", { toolName: "bash", toolCallId: "c1", args: { command: "geheim" } });
    tell("tool_execution_end", { toolName: "bash", toolCallId: "c1", result: "geheim", isError: false });
    tell("agent_end", ended("stop", "mended"));
    assert.is(last("pi"), "agent_end receipt");
    tell("agent_settled");
    tell("session_shutdown", { reason: "quit" });
    assert.equal(told(records("pi")), [
      "session_start conversation_start",
      "agent_start progress",
      "message_start prompt",
      "tool_execution_start tool_start",
      "tool_execution_end tool_end",
      "agent_end receipt",
      "agent_settled turn_end",
      "session_shutdown conversation_end",
    ]);
    const [start, , prompt, tool, , , end] = records("pi");
    assert.equal(start?.fields, {
      nativeSessionId: ROOT,
      source: "startup",
      transcriptPath: `/home/${ROOT}.jsonl`,
      cwd: "/repo",
    });
    assert.is(prompt?.fields.prompt, "mend it");
    assert.is(tool?.fields.toolUseId, "c1");
    assert.is(end?.fields.message, "mended");
    const texts = readdirSync(spool).map((name) => readFileSync(join(spool, name), "utf8"));
    assert.not.ok(texts.join("").includes("geheim"));
  });

  test("a handler gives the agent nothing to act on", async () => {
    const { handlers } = await load("pi-0.87");
    for (const handler of handlers.values()) assert.is(handler({}, {}), undefined);
  });

  test("an agent that says when it rests is not said to rest while it tries again", () =>
    withClock("setTimeout", async (tick) => {
      const { tell } = await load("pi-0.87");
      tell("session_start", { reason: "startup" });
      tell("agent_start");
      tell("agent_end", ended("error", "", "500: mock error"));
      tick(25_000);
      assert.is(last("pi"), "agent_end turn_problem");
      tell("agent_start");
      tell("agent_end", ended("error", "", "500: mock error"));
      tell("agent_settled");
      assert.is(last("pi"), "agent_settled turn_failed");
      assert.is(records("pi").at(-1)?.fields.message, "500: mock error");
    }));

  test("an agent that does not say so rests at once, and after a passing error once it tries no more", () =>
    withClock("setTimeout", async (tick) => {
      const { tell } = await load("pi-0.73");
      tell("session_start", { reason: "startup" });
      tell("agent_start");
      tell("agent_end", ended("error", "", "400 bad request"));
      tick(60);
      assert.is(last("pi"), "agent_settled turn_failed");
      for (const pause of [2_000, 4_000, 8_000]) {
        tell("agent_start");
        tell("agent_end", ended("error", "", "503 mock error"));
        tick(pause);
        assert.is(last("pi"), "agent_end turn_problem");
      }
      tell("agent_start");
      tell("agent_end", ended("error", "", "503 mock error"));
      tick(60);
      assert.is(last("pi"), "agent_settled turn_failed");
    }));

  for (const error of [ended("aborted"), ended("error", "", "This operation was aborted")])
    test(`a stopped turn, told as ${error.messages[0]?.stopReason}`, async () => {
      const { tell } = await load("omp");
      tell("session_start");
      tell("agent_start");
      tell("agent_end", error);
      assert.is(last("omp"), "agent_settled turn_interrupted");
    });

  test("OMP: a run that goes on is no end of a turn", () =>
    withClock("setTimeout", async (tick) => {
      const { tell } = await load("omp");
      tell("session_start");
      tell("agent_start");
      tell("agent_end", { ...ended("stop"), willContinue: true });
      tick(1_000);
      assert.is(last("omp"), "agent_end receipt");
      tell("agent_start");
      tell("agent_end", ended("stop", "done"));
      assert.is(last("omp"), "agent_settled turn_end");
    }));

  test("OMP: an approval, by its tool; no heartbeat while the dialog is open", () =>
    withClock("setInterval", async (tick) => {
      const { tell } = await load("omp");
      tell("session_start");
      tell("agent_start");
      const tool = { toolName: "bash", toolCallId: "c1" };
      tell("tool_approval_requested", tool);
      tick(31_000);
      assert.is(last("omp"), "tool_approval_requested permission_request");
      tell("tool_approval_resolved", { ...tool, approved: false });
      const answer = records("omp").at(-1);
      assert.is(answer?.meaning, "request_answered");
      assert.equal([answer?.fields.reason, answer?.fields.requestId], ["deny", "c1"]);
      tick(31_000);
      assert.is(last("omp"), "ao.busy witness_active");
      tell("agent_end", ended("stop"));
      const count = records("omp").length;
      tick(61_000);
      assert.is(records("omp").length, count);
    }));

  test("OMP: a subagent's conversation is its own, another conversation of the person's is the root's", async () => {
    const root = await load("omp");
    root.tell("session_start");
    const child = await load("omp", "conversation-2");
    child.tell("session_start");
    child.tell("agent_start");
    child.tell("agent_end", ended("stop"));
    assert.equal(
      records("omp")
        .slice(1)
        .map(({ fields, meaning }) => [fields.agentId, meaning]),
      [
        ["conversation-2", "subagent_start"],
        ["conversation-2", "progress"],
        ["conversation-2", "receipt"],
        ["conversation-2", "subagent_end"],
      ],
    );
    const next = await load("omp", "conversation-3");
    next.tell("session_switch", { reason: "new" });
    next.tell("agent_start");
    assert.equal(
      records("omp")
        .slice(-2)
        .map(({ fields }) => [fields.nativeSessionId, fields.agentId]),
      [
        ["conversation-3", undefined],
        ["conversation-3", undefined],
      ],
    );
  });

  test("a compaction that is given up is over", async () => {
    const { tell } = await load("pi-0.73");
    const given = new AbortController();
    tell("session_before_compact", { signal: given.signal });
    given.abort();
    assert.equal(told(records("pi")), [
      "session_before_compact compact_start",
      "session_compact_failed compact_end",
    ]);
  });

  test("outside a session of ao's it listens to nothing", async () => {
    delete process.env.AO_LAUNCH_ID;
    const { handlers } = await load("pi-0.87");
    assert.is(handlers.size, 0);
    assert.not.ok(existsSync(spool));
  });
});
