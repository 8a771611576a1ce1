import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { type CliWorld, createCliWorld } from "./cli-world.ts";
import { installOwnAgent, OWN_AGENT_FILE } from "./own-agent.ts";

const SLOW = { timeoutMs: 180_000 };

const PROMPTS = ["say=hello", "permission=ask", "deny=ask", "interrupt=slow", "exit=/exit"];
const TOLD = PROMPTS.flatMap((prompt) => ["--prompt", prompt]);

interface Step {
  step: string;
  verdict: string;
  detail: string;
  found?: {
    screen: string[];
    events: string[];
    silent: boolean;
    advice: string;
    reading?: { reading: { kind: string }; rows: { field: string; matches: boolean; missing: string[] }[] };
  };
}

suite("ao harness test", ({ test, before, after }) => {
  let world: CliWorld;
  let file: string;
  const run = async (text: string, timeout: string, ...more: string[]) => {
    writeFileSync(file, text);
    assert.is((await world.ao(["harness", "trust", "own-agent"])).code, 0);
    const ran = await world.ao([
      "harness",
      "test",
      "own-agent",
      "--json",
      "--timeout",
      timeout,
      ...TOLD,
      ...more,
    ]);
    const { grade, steps, version } = ran.json() as { grade: string; steps: Step[]; version: string };
    return {
      grade,
      version,
      steps,
      err: ran.err,
      code: ran.code,
      of: (name: string) => steps.find(({ step }) => step === name),
    };
  };
  before(() => {
    world = createCliWorld();
    file = installOwnAgent(world);
    mkdirSync(dirname(file), { recursive: true });
  });
  after(() => world.dispose());

  test(
    "a step that leaves a turn behind fails alone: the next one begins in a new launch",
    async () => {
      const { grade, steps, code, of } = await run(OWN_AGENT_FILE, "12s", "--prompt", "permission=stuck");
      assert.equal(
        steps.map(({ step, verdict }) => `${step} ${verdict}`),
        [
          "start passed",
          "prompt passed",
          "tool passed",
          "permission failed",
          "deny passed",
          "interrupt passed",
          "error skipped",
          "exit passed",
          "resume passed",
          "kill passed",
        ],
        JSON.stringify(steps),
      );
      assert.match(of("deny")?.detail ?? "", "in a new launch, after the failure");
      assert.equal(of("permission")?.found?.events, ["UserPromptSubmit (prompt)"]);
      assert.match(of("permission")?.found?.screen.join("\n") ?? "", "stuck");
      const { reading, rows } = of("permission")?.found?.reading ?? {};
      assert.equal(reading, { kind: "unknown" });
      assert.equal(
        rows?.map(({ field, missing }) => [field, ...missing]),
        [
          ["screen.dialog[0]", "^Allow this\\?"],
          ["screen.ready[0]", "^> ?$"],
        ],
      );
      assert.is(grade, "D");
      assert.is(code, 1);
    },
    SLOW,
  );

  test(
    "a gate is the person's to answer, who is told where, and its start waits for that",
    async () => {
      const gate = join(world.directory, "trusted");
      const asking = OWN_AGENT_FILE.replace(
        "launch:\n",
        `launch:\n  env: { OWN_AGENT_GATE: ${gate} }\n`,
      ).replace("screen:\n", 'screen:\n  gates: [{ gate: trust, lines: 1, all: ["^Do you trust this"] }]\n');
      writeFileSync(file, asking);
      assert.is((await world.ao(["harness", "trust", "own-agent"])).code, 0);
      const running = world.start(["harness", "test", "own-agent", "--timeout", "60s", ...TOLD]);
      const told = /own-agent: trust dialog on screen, yours to answer: .*tmux -S \S+ attach/;
      await eventually(() => told.test(running.err()), { what: "the gate", timeoutMs: 60_000 });
      writeFileSync(gate, "");
      const { out } = await running.result;
      assert.match(out, /^start +passed/m);
    },
    SLOW,
  );

  test(
    "a program that continues its directory's last conversation must know what was said in it",
    async () => {
      const memory = join(world.directory, "memory");
      mkdirSync(memory);
      const by = '  resume: ["{binary}", --continue]\n  resumeBy: directory\n';
      const last = OWN_AGENT_FILE.replace(/ {4}- \{ when: resume.*\n/, "").replace(
        "hooks:\n",
        `${by}hooks:\n`,
      );
      const remembering = last.replace("launch:\n", `launch:\n  env: { OWN_AGENT_MEMORY: ${memory} }\n`);
      const told = ["--prompt", "say=remember {number}", "--prompt", "resume=recall"];
      const knows = await run(remembering, "20s", ...told);
      assert.is(knows.of("resume")?.verdict, "passed", JSON.stringify(knows.steps));
      assert.match(knows.of("resume")?.detail ?? "", "shows what was said before");
      const forgets = await run(last, "20s", ...told);
      assert.is(forgets.of("resume")?.verdict, "failed", JSON.stringify(forgets.steps));
      assert.match(
        forgets.of("resume")?.detail ?? "",
        "another conversation: its terminal does not show the number",
      );
    },
    SLOW,
  );

  test(
    "a program whose events all name its root agent is told as such",
    async () => {
      const named = OWN_AGENT_FILE.replace("launch:\n", "launch:\n  env: { OWN_AGENT_ID: root }\n");
      const { grade, of } = await run(named, "4s");
      assert.match(of("prompt")?.found?.advice ?? "", "leave out `agentId`");
      assert.is(grade, "F");
    },
    SLOW,
  );

  test(
    "hooks that never arrive are told as such",
    async () => {
      const deaf = OWN_AGENT_FILE.replace("OWN_AGENT_HOOKS:", "OWN_AGENT_HOOK:");
      world.env.OWN_AGENT_STARTED = join(world.directory, "started");
      const { grade, of, version } = await run(deaf, "5s");
      assert.is(of("start")?.verdict, "failed");
      assert.is(of("start")?.found?.silent, true);
      assert.match(of("start")?.found?.screen.join("\n") ?? "", "SessionStart");
      assert.match(of("kill")?.detail ?? "", 'because "start" failed');
      assert.is(version, "3.1.4", "asked again after the first time it did not tell");
      assert.is(grade, "F");
    },
    SLOW,
  );
});
