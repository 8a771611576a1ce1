import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createHarnesses } from "../../src/harness/registry.ts";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { launchPlan } from "./launch-plan.ts";
import { type SpoolRecord, spoolRecords } from "./spool-records.ts";

const AO_HOOK = join(import.meta.dirname, "../../bin/ao-hook");
const demo = createHarnesses().get("demo");
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

interface DemoRun {
  root: string;
  spool: string;
  records(): SpoolRecord[];
  meanings(): string[];
  screen(): string;
  reading(): string;
  keys(...keys: string[]): void;
  paste(text: string): void;
  pid(): number;
  /** `status N` once the agent has ended. */
  ending(): string;
  [Symbol.dispose](): void;
}

/** The demo agent in a real terminal, a private tmux server of its own, its hooks through the real ao-hook. */
async function start(fields: { prompt?: string; resumeId?: string } = {}): Promise<DemoRun> {
  const dir = tempDir();
  const { path: root } = dir;
  const spool = join(root, "spool");
  mkdirSync(spool);
  const located = await demo.locate({});
  const plan = launchPlan(root, { ...fields, binary: located?.path ?? "", hookCommand: AO_HOOK });
  const { argv, env } = await demo.prepare(plan);
  const all = { ...env, AO_SPOOL: spool, AO_LAUNCH_ID: "l1", PATH: "/usr/bin:/bin", TERM: "screen" };
  const words = [...Object.entries(all).map(([name, value]) => `${name}=${value}`), ...argv].map(quote);
  const inRoot = (name: string) => quote(join(root, name));
  writeFileSync(join(root, "agent.sh"), `echo $$ > ${inRoot("pid")}\nexec env -i ${words.join(" ")}\n`);
  writeFileSync(join(root, "run.sh"), `sh ${inRoot("agent.sh")}\necho "status $?" > ${inRoot("status")}\n`);
  const tmux = (args: string[], input?: string) =>
    execFileSync("tmux", ["-S", join(root, "s"), "-f", "/dev/null", ...args], { encoding: "utf8", input });
  tmux(["new-session", "-d", "-x", "100", "-y", "40", "cat > /dev/null"]);
  tmux(["set", "-g", "remain-on-exit", "on"]);
  tmux(["respawn-pane", "-k", `exec sh ${join(root, "run.sh")}`]);
  const pid = () => Number(readFileSync(join(root, "pid"), "utf8"));
  const screen = () => tmux(["capture-pane", "-p"]);
  const records = () =>
    spoolRecords(spool, demo).sort((a, b) => Number(birth(spool, a.name) - birth(spool, b.name)));
  return {
    root,
    spool,
    records,
    meanings: () => records().map(({ meaning }) => String(meaning)),
    screen,
    reading: () => demo.readScreen(screen()).kind,
    keys: (...keys) => keys.forEach((key) => void tmux(["send-keys", key])),
    paste(text) {
      tmux(["load-buffer", "-"], text);
      tmux(["paste-buffer", "-p", "-d"]);
    },
    pid,
    ending: () => (existsSync(join(root, "status")) ? readFileSync(join(root, "status"), "utf8") : ""),
    [Symbol.dispose]() {
      // Told to end, it would spool that into a directory that is gone.
      if (!existsSync(join(root, "status"))) process.kill(pid(), "SIGKILL");
      spawnSync("tmux", ["-S", join(root, "s"), "kill-server"]);
      dir[Symbol.dispose]();
    },
  };
}

/** Each hook is a process of its own: the order of its file's birth is the order of events. */
function birth(spool: string, name: string): bigint {
  return statSync(join(spool, name), { bigint: true }).birthtimeNs;
}

/** From the shell that waits for the agent: tmux 3.3a sometimes misses the status of a pane whose terminal closed first. */
const status = (run: DemoRun) => /^status \d+$/m.exec(run.ending())?.[0];
const has = (run: DemoRun, meaning: string, times = 1) =>
  eventually(() => run.meanings().filter((one) => one === meaning).length >= times, {
    timeoutMs: 20_000,
    what: `${times} × ${meaning}`,
  });
const shows = (run: DemoRun, kind: string) =>
  eventually(() => run.reading() === kind, { timeoutMs: 20_000, what: `screen ${kind}` });

suite("demo agent", ({ test }) => {
  test("finishes its prompt, waits for the next, takes it from a paste, and ends on /exit", async () => {
    using run = await start({ prompt: 'finish 1 please "quoted" it\'s\nsecond line' });
    await has(run, "turn_end");
    await shows(run, "ready");
    assert.equal(run.meanings(), ["conversation_start", "prompt", "tool_start", "tool_end", "turn_end"]);
    const [first, prompt, tool] = run.records();
    assert.match(first?.fields.nativeSessionId ?? "", /^demo-\d+-\d+$/);
    assert.is(first?.fields.source, "startup");
    assert.is(prompt?.fields.prompt, 'finish 1 please "quoted" it\'s\nsecond line');
    assert.is(tool?.fields.toolName, "Read");
    assert.ok(run.records().every(({ fields }) => fields.partial === undefined));

    run.paste("hello\nfrom a paste");
    await eventually(() => run.screen().includes("from a paste"));
    assert.is(run.meanings().filter((meaning) => meaning === "prompt").length, 1);
    run.keys("Enter");
    await has(run, "turn_end", 2);
    const again = run.records().filter(({ meaning }) => meaning === "prompt")[1];
    assert.is(again?.fields.prompt, "hello\nfrom a paste");

    await shows(run, "ready");
    run.keys("/", "e", "x", "i", "t", "Enter");
    await eventually(() => status(run), { timeoutMs: 20_000 });
    assert.match(status(run) ?? "", /status 0/);
    assert.equal(run.records().at(-1)?.fields.reason, "prompt_input_exit");
  });

  test("asks: Enter decides nothing, y approves", async () => {
    using run = await start({ prompt: "ask" });
    await has(run, "permission_request");
    await shows(run, "dialog");
    run.keys("Enter");
    run.keys("y");
    await has(run, "turn_end");
    assert.equal(run.meanings(), [
      "conversation_start",
      "prompt",
      "permission_request",
      "request_answered",
      "tool_start",
      "tool_end",
      "turn_end",
    ]);
    const [, , request, answer, tool] = run.records();
    assert.is(request?.fields.toolName, "Bash");
    assert.is(answer?.fields.requestId, request?.fields.requestId);
    assert.is(answer?.fields.reason, "approve");
    assert.is(tool?.fields.toolUseId, request?.fields.toolUseId);
    await shows(run, "ready");
  });

  test("asks: n denies and the tool does not run", async () => {
    using run = await start({ prompt: "ask" });
    await shows(run, "dialog");
    run.keys("n");
    await has(run, "turn_end");
    assert.is(run.records().find(({ meaning }) => meaning === "request_answered")?.fields.reason, "deny");
    assert.not.ok(run.meanings().includes("tool_start"));
  });

  test("Esc stops a turn; SIGTERM ends the agent within its next second, with a word", async () => {
    using run = await start({ prompt: "work 100" });
    await has(run, "tool_start");
    assert.is(run.reading(), "unknown");
    run.keys("Escape");
    await has(run, "turn_interrupted");
    await shows(run, "ready");
    assert.not.ok(run.meanings().includes("turn_end"));
    process.kill(run.pid(), "SIGTERM");
    await has(run, "conversation_end");
    await eventually(() => status(run), { timeoutMs: 20_000 });
    assert.match(status(run) ?? "", /status 143/);
  });

  test("resumes its conversation, and can fail", async () => {
    using run = await start({ resumeId: "demo-1-2" });
    await shows(run, "ready");
    assert.match(run.screen(), /continuing conversation demo-1-2/);
    assert.equal(run.records()[0]?.fields.source, "resume");
    assert.equal(run.records()[0]?.fields.nativeSessionId, "demo-1-2");
    run.paste("fail");
    await eventually(() => run.screen().includes("› fail"), { timeoutMs: 20_000, what: "the pasted text" });
    run.keys("Enter");
    await eventually(() => status(run), { timeoutMs: 20_000 });
    assert.match(status(run) ?? "", /status 1\b/);
  });

  test("without a terminal it answers one prompt and denies what it would ask", async () => {
    using dir = tempDir();
    const spool = join(dir.path, "spool");
    const located = await demo.locate({});
    const plan = launchPlan(dir.path, {
      prompt: "ask 0",
      headless: true,
      binary: located?.path ?? "",
      hookCommand: AO_HOOK,
    });
    const { argv, env } = await demo.prepare(plan);
    const [command, ...args] = argv as [string, ...string[]];
    const result = spawnSync(command, args, {
      env: { ...env, AO_SPOOL: spool, AO_LAUNCH_ID: "l1", PATH: "/usr/bin:/bin" },
      encoding: "utf8",
    });
    assert.is(result.status, 0, result.stderr);
    const answers = spoolRecords(spool, demo).filter(({ meaning }) => meaning === "request_answered");
    assert.equal(
      answers.map(({ fields }) => fields.reason),
      ["deny"],
    );
    const loose = await demo.prepare({ ...plan, permissionMode: "bypass-permissions" });
    assert.ok(loose.argv.includes("--yes"));
  });

  test("outside ao it runs as well", async () => {
    const located = await demo.locate({});
    const result = spawnSync("/bin/sh", [located?.path ?? "", "--print", "--", "hello"], {
      env: { PATH: "/usr/bin:/bin" },
      encoding: "utf8",
    });
    assert.is(result.status, 0);
    assert.match(result.stdout, /You said: hello/);
    assert.is(result.stderr, "");
  });
});
