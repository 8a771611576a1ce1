import { readFileSync, writeFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";
import { type CliWorld, createCliWorld } from "./cli-world.ts";
import { OWN_AGENT_FILE as FILE, installOwnAgent } from "./own-agent.ts";

const SLOW = { timeoutMs: 120_000 };

suite("an agent of one's own, described in a file", ({ test, before, after }) => {
  let world: CliWorld;
  let file: string;
  const spawn = (...more: string[]) => world.ao(["spawn", "--agent", "own-agent", "--name", "mine", ...more]);
  const doctor = async () => {
    const { checks } = (await world.ao(["doctor", "--json"])).json();
    return checks.find((check: { name: string }) => check.name === "harness own-agent");
  };
  before(async () => {
    world = createCliWorld();
    file = installOwnAgent(world);
    await world.ao(["project", "add", "."]);
  });
  after(() => world.dispose());

  test(
    "a mistake is named where it stands; the file starts nothing until it is trusted",
    async () => {
      const absent = await world.ao(["harness", "check", "own-agent"]);
      assert.match(absent.err, "make it with `ao harness new own-agent`");
      assert.is((await world.ao(["harness", "distrust", "own-agent"])).code, 1);
      assert.match((await world.ao(["harness", "distrust", "demo"])).err, "ships with ao");
      assert.is((await world.ao(["harness", "new", "own-agent"])).code, 0);
      writeFileSync(file, FILE.replace("turn_end", "turn_over"));
      const wrong = await world.ao(["harness", "check", "own-agent"]);
      assert.is(wrong.code, 1);
      assert.match(wrong.out + wrong.err, /own-agent\.yaml:20:3: events\.Stop must be one of/);
      assert.match((await doctor()).detail, /own-agent\.yaml:20:3: events\.Stop/);
      assert.match(
        (await spawn()).err,
        /has 1 problem\(s\): 20:3 events\.Stop .*\n.*ao harness check own-agent/,
      );

      writeFileSync(file, FILE);
      const right = await world.ao(["harness", "check", "own-agent"]);
      assert.is(right.code, 0);
      assert.match(right.err, "next: `ao harness trust own-agent`");
      assert.match(
        right.out,
        /What it leaves out:\n(.*\n)*.*own-agent\.yaml:\d+:\d+: screen\.composer is not given/,
      );
      const refused = await spawn();
      assert.is(refused.code, 1);
      assert.match(refused.err, /own-agent\.yaml\) may not run: .*\n.*`ao harness trust own-agent`/);
      assert.match((await doctor()).detail, "is not trusted");
    },
    SLOW,
  );

  test(
    "a screen is read by the file as it stands, trusted or not, and each row says what it lacks",
    async () => {
      const read = (input: string, ...args: string[]) => world.ao(["harness", "screen", ...args], { input });
      writeFileSync(file, FILE);
      const working = await read("> ask\n\nthinking\n", "own-agent");
      assert.is(working.code, 0);
      assert.match(working.out, /^reads as nothing that ao knows$/m);
      assert.match(working.out, /^ {2}screen\.ready\[0\] +no +the last line has no \/\^> \?\$\/$/m);
      assert.match(working.out, /^ {2}2 \| > ask\n {2}1 \| thinking$/m);
      const asks = (await read("Allow this? [y/n]", "own-agent", "--json")).json();
      assert.equal([asks.kind, asks.composer], ["dialog", null]);

      writeFileSync(file, FILE.replace("ready: [{ lines: 1", "ready: [{ lines: 0"));
      const wrong = await read("> ", "own-agent");
      assert.is(wrong.code, 1);
      assert.match(wrong.out, /own-agent\.yaml:22:\d+: screen\.ready\[0\]\.lines/);
      writeFileSync(file, FILE);
      assert.match((await read("> ", "no-agent")).err, /no harness "no-agent"/);
      assert.match((await read("hello", "claude-code")).out, "screen.composer");
    },
    SLOW,
  );

  test(
    "trusted, it works, asks, is answered, ends, and goes on with its conversation",
    async () => {
      assert.is((await world.ao(["harness", "trust", "own-agent"])).code, 0);
      assert.is(await doctor(), undefined);
      const idle = await spawn("--prompt", "hello", "--wait", "--timeout", "30s");
      assert.is(idle.code, 0, idle.err);
      assert.match(idle.out, /idle: its turn is over/);
      assert.is((await world.ao(["send", "mine", "ask"])).code, 0);
      const asks = await world.ao(["wait", "mine", "--until", "needs_input", "--timeout", "30s", "--json"]);
      assert.is(asks.code, 0, asks.err);
      assert.is((await world.ao(["answer", "mine", "approve"])).code, 0);
      await world.ao(["wait", "mine", "--until", "idle", "--timeout", "30s"]);
      assert.match((await world.ao(["logs", "mine"])).out, /answered y/);
      const before = (await world.ao(["session", "get", "mine", "--json"])).json().session;

      await world.ao(["send", "mine", "/exit", "--no-wait"]);
      await world.ao(["wait", "mine", "--until", "exited", "--timeout", "30s"]);
      await world.ao(["session", "restore", "mine", "--prompt", "again"]);
      const again = await world.ao(["wait", "mine", "--until", "idle", "--timeout", "30s", "--json"]);
      assert.is(again.code, 0, again.err);
      const now = (await world.ao(["session", "get", "mine", "--json"])).json().session;
      assert.is(now.nativeSessionId, before.nativeSessionId);
      assert.match(now.nativeSessionId, /^conversation-\d+$/);
    },
    SLOW,
  );

  test(
    "a change of the file starts nothing before it is trusted anew, and doctor says so",
    async () => {
      writeFileSync(file, `${readFileSync(file, "utf8")}limits: [It says nothing of tools.]\n`);
      assert.match((await doctor()).detail, "has changed since it was trusted");
      assert.match((await spawn("--prompt", "x")).err, "may not run");
      assert.match((await world.ao(["harness", "check", "own-agent"])).err, "next: `ao harness trust");
    },
    SLOW,
  );
});
