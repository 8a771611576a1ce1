import fc from "fast-check";
import * as assert from "uvu/assert";
import type { SignalFields } from "../../src/core/signal.ts";
import { createHarnesses } from "../../src/harness/registry.ts";
import { suite } from "../support/suite.ts";
import { loadTraces } from "../support/trace-file.ts";

const harnesses = createHarnesses();
const claude = (payload: unknown) =>
  harnesses
    .get("claude-code")
    .extract("PostToolUse", typeof payload === "string" ? payload : JSON.stringify(payload));

/** As Claude Code 2.1.330 sends it. */
const POST_TOOL_USE = {
  session_id: "c8231535-8b24-49cc-a795-f28f66206dc6",
  transcript_path: "/home/u/.claude/projects/-repo/c8231535.jsonl",
  cwd: "/repo",
  prompt_id: "06863fe6-b55f-4bee-9752-473dc967c723",
  permission_mode: "default",
  agent_id: "a707400adb01e923b",
  agent_type: "general-purpose",
  effort: { level: "medium" },
  hook_event_name: "PostToolUse",
  tool_name: "Bash",
  tool_input: { command: "touch csub; echo geheim", description: "mock command" },
  tool_response: { stdout: "geheim\n", stderr: "", interrupted: false },
  tool_use_id: "toolu_mws341no004w",
  duration_ms: 49,
};

suite("what is kept of a payload", ({ test }) => {
  test("ids and names, a digest of the tool's input, and nothing of input or output", () => {
    const { toolInputDigest, ...fields } = claude(POST_TOOL_USE);
    assert.equal(fields, {
      nativeSessionId: "c8231535-8b24-49cc-a795-f28f66206dc6",
      agentId: "a707400adb01e923b",
      toolName: "Bash",
      toolUseId: "toolu_mws341no004w",
      transcriptPath: "/home/u/.claude/projects/-repo/c8231535.jsonl",
      cwd: "/repo",
    });
    assert.match(toolInputDigest ?? "", /^[0-9a-f]{16}$/);
  });

  test("the same input has the same digest whatever the order of its keys", () => {
    const { command, description } = POST_TOOL_USE.tool_input;
    const turned = claude({ ...POST_TOOL_USE, tool_input: { description, command } });
    assert.is(turned.toolInputDigest, claude(POST_TOOL_USE).toolInputDigest);
    const other = claude({ ...POST_TOOL_USE, tool_input: { description, command: "ls" } });
    assert.is.not(other.toolInputDigest, turned.toolInputDigest);
  });

  test("claude-code: a question and its answered tool have one digest", () => {
    const questions = [{ question: "which", options: [{ label: "A" }] }];
    const asked = claude({ tool_name: "AskUserQuestion", tool_input: { questions } });
    const answered = claude({ tool_input: { questions, answers: { which: "A" }, annotations: {} } });
    assert.is(asked.toolInputDigest, answered.toolInputDigest);
  });

  test("codex: a request with its justification and the tool have one digest", () => {
    const codex = harnesses.get("codex");
    const of = (tool_input: object) => codex.extract("x", JSON.stringify({ tool_input })).toolInputDigest;
    assert.is(of({ command: "touch y1", description: "may I" }), of({ command: "touch y1" }));
  });

  test("background tasks are counted while they run", () => {
    const tasks = [{ status: "running" }, { status: "completed" }, { status: "running" }, null, "running"];
    assert.is(claude({ background_tasks: tasks }).backgroundTasks, 2);
    assert.is(claude({ background_tasks: [] }).backgroundTasks, 0);
    assert.is(claude({}).backgroundTasks, undefined);
  });

  test("camel case is understood", () => {
    const fields = claude({ sessionId: "s", toolName: "Bash", lastAssistantMessage: "done" });
    assert.equal(fields, { nativeSessionId: "s", toolName: "Bash", message: "done" });
  });

  test("the reason of a failed turn is the agent's own word", () => {
    const fields = claude({ error: "rate_limit", last_assistant_message: "API Error: 429" });
    assert.equal(fields, { reason: "rate_limit", message: "API Error: 429" });
    assert.is(claude({ error: { name: "x" } }).reason, undefined);
  });

  test("texts are cut at 500 characters, never inside one", () => {
    assert.is(claude({ prompt: "x".repeat(501) }).prompt?.length, 500);
    assert.is(claude({ prompt: `${"x".repeat(499)}\u{1f600}` }).prompt, "x".repeat(499));
  });

  test("terminal sequences and control characters are taken out, newlines stay", () => {
    const prompt = "\u001b[31mred\u001b[0m\u001b]0;title\u0007 a\u0000b\u202ec\nnext\tline\r";
    assert.is(claude({ prompt }).prompt, "red abc\nnext\tline");
  });

  test("ids and paths that are too long are dropped: half an id is another one", () => {
    assert.is(claude({ tool_use_id: "x".repeat(256) }).toolUseId?.length, 256);
    assert.is(claude({ tool_use_id: "x".repeat(257) }).toolUseId, undefined);
    assert.is(claude({ cwd: "x".repeat(4096) }).cwd?.length, 4096);
    assert.is(claude({ cwd: "x".repeat(4097) }).cwd, undefined);
  });

  test("values of the wrong kind are no evidence", () => {
    assert.equal(
      claude({ session_id: 7, tool_name: null, prompt: ["x"], cwd: {}, background_tasks: "3" }),
      {},
    );
    assert.equal(claude({ tool_input: nested(100) }), {});
  });

  test("an empty payload is whole; what is not an object is partial", () => {
    assert.equal(claude(""), {});
    assert.equal(claude(" \n"), {});
    for (const text of ["null", "7", "[]", "[{}]", "hello", '"x"', "{", "\u0000", "{]"])
      assert.equal(claude(text), { partial: true }, text);
  });

  test("a payload cut in the tool's output keeps what stands before it", () => {
    const text = JSON.stringify(POST_TOOL_USE);
    const cut = text.slice(0, text.indexOf("geheim\\n") + 3);
    const { toolUseId: _lost, ...before } = claude(POST_TOOL_USE);
    assert.equal(claude(cut), { ...before, partial: true });
  });

  test("a cut prompt is kept as far as it goes, a cut id is not", () => {
    assert.equal(claude('{"session_id":"abc","prompt":"a \\"long\\" sto'), {
      partial: true,
      nativeSessionId: "abc",
      prompt: 'a "long" sto',
    });
    assert.equal(claude('{"prompt":"x\\u00'), { partial: true, prompt: "x" });
    assert.equal(claude('{"prompt":"x\\'), { partial: true, prompt: "x" });
    assert.equal(claude('{"session_id":"abc'), { partial: true });
  });

  test("opencode: the plugin's flat payload and the bus event itself say the same", () => {
    const opencode = harnesses.get("opencode");
    const asked = {
      id: "per_1",
      sessionID: "ses_1",
      permission: "bash",
      tool: { messageID: "m", callID: "c" },
    };
    assert.equal(opencode.extract("permission.asked", JSON.stringify(asked)), {
      nativeSessionId: "ses_1",
      toolName: "bash",
      toolUseId: "c",
      requestId: "per_1",
    });
    const flat = { sessionID: "ses_1", requestID: "per_1", tool: "bash", callID: "c" };
    assert.equal(
      opencode.extract("permission.asked", JSON.stringify(flat)),
      opencode.extract("permission.asked", JSON.stringify(asked)),
    );
  });
});

suite("a payload cut anywhere", ({ test }) => {
  test("never throws, never invents: each field is the whole one's, or a head of its text", () => {
    const payload = fc.record({
      session_id: fc.string(),
      tool_input: fc.jsonValue(),
      prompt: fc.string({ unit: "grapheme" }),
      tool_response: fc.jsonValue(),
      tool_use_id: fc.string({ unit: "binary" }),
      background_tasks: fc.array(fc.constantFrom({ status: "running" }, { status: "done" })),
    });
    fc.assert(
      fc.property(payload, fc.nat(400), (whole, at) => {
        const text = JSON.stringify(whole);
        const fields = claude(text.slice(0, at)) as Record<string, unknown>;
        const complete = claude(text) as Record<string, unknown>;
        if (at > 0 && at < text.length) assert.is(fields.partial, true);
        for (const [name, value] of Object.entries(fields)) {
          if (name === "partial") continue;
          if (name === "prompt") assert.ok(String(complete.prompt ?? "").startsWith(String(value)), text);
          else assert.equal(value, complete[name], `${name} of ${text} at ${at}`);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("text that is no JSON at all never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        claude(text);
        claude(`{"session_id":"s",${text}`);
      }),
    );
  });

  test("a payload of a mebibyte, whole and cut, is read at once", () => {
    const big = JSON.stringify({ session_id: "s", tool_response: '\\"'.repeat(400_000), tool_use_id: "t" });
    assert.equal(claude(big), { nativeSessionId: "s", toolUseId: "t" });
    assert.equal(claude(big.slice(0, 1_048_576)), { nativeSessionId: "s", partial: true });
    assert.equal(claude("[".repeat(1_000_000)), { partial: true });
    assert.equal(claude(`{"tool_input":${"[".repeat(500_000)}`), { partial: true });
  });
});

suite("recorded payloads", ({ test }) => {
  for (const [agent, id] of [
    ["claude", "claude-code"],
    ["codex", "codex"],
  ] as const) {
    test(`${agent}: every recorded hook has a meaning, its conversation and no more than the allowed fields`, () => {
      const harness = harnesses.get(id);
      // What ao itself has recorded is redacted, and no payload any more.
      const hooks = loadTraces(agent)
        .filter(({ lines }) => lines[0]?.event !== "_trace")
        .flatMap((trace) => trace.lines)
        .filter((line) => !/^_|^notify$|^Pre[ABC]$/.test(line.event));
      assert.ok(hooks.length > 50);
      for (const { event, payload } of hooks) {
        const fields: SignalFields = harness.extract(event, JSON.stringify(payload));
        assert.ok(harness.interpret(event, fields), event);
        assert.ok(fields.nativeSessionId && fields.cwd, event);
        assert.is(fields.partial, undefined);
      }
    });
  }
});

function nested(depth: number): unknown {
  return depth === 0 ? "x" : { in: nested(depth - 1) };
}
