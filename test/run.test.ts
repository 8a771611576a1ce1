import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { isAlive } from "../src/util/is-alive.ts";
import { eventually } from "./support/eventually.ts";
import { suite } from "./support/suite.ts";
import { tempDir } from "./support/temp-dir.ts";

const RUNNER = join(import.meta.dirname, "run.ts");
const SUPPORT = join(import.meta.dirname, "support");

/** Leaves a process that has a group of its own, as a daemon has, and a directory; writes both down. */
const LEAVES = `
  const left = spawn("sleep", ["600"], { detached: true, stdio: "inherit" });
  left.unref();
  writeFileSync(process.env.LEFT, JSON.stringify({ pid: left.pid, directory: makeTempDir() }));
`;

suite("the runner of the tests", ({ test }) => {
  test("a file that leaves nothing passes", async () => {
    using world = runnerWorld(`test("adds", () => assert.is(1 + 1, 2));`);
    const { code, output } = await world.run();
    assert.is(code, 0);
    assert.match(output, "1 passed, 0 failed, 0 skipped");
  });

  test("a file that leaves a process or a directory fails, and both are taken away", async () => {
    using world = runnerWorld(`test("leaves", () => {${LEAVES}});`);
    const { code, output } = await world.run();
    assert.is(code, 1);
    const { pid, directory } = world.left();
    assert.match(output, `left process ${pid}: sleep 600`);
    assert.match(output, `left directory ${directory}`);
    assert.match(output, "1 passed, 1 failed, 0 skipped");
    await gone(pid, directory);
  });

  test("a file that does not end in time takes what it started along", async () => {
    using world = runnerWorld(
      `test("hangs", async () => {${LEAVES} await new Promise(() => setInterval(() => 0, 1000));});`,
    );
    const { code, output } = await world.run("--timeout", "3");
    assert.is(code, 1);
    assert.match(output, "did not end in time");
    const { pid, directory } = world.left();
    await gone(pid, directory);
  });

  test("a runner that is told to end takes everything along", async () => {
    using world = runnerWorld(
      `test("hangs", async () => {${LEAVES} await new Promise(() => setInterval(() => 0, 1000));});`,
    );
    const runner = world.start();
    await eventually(() => existsSync(world.leftFile) && world.left(), { timeoutMs: 20_000 });
    runner.kill("SIGTERM");
    assert.equal(await once(runner, "exit"), [143, null]);
    const { pid, directory } = world.left();
    await gone(pid, directory);
  });
});

function runnerWorld(body: string) {
  const dir = tempDir();
  const leftFile = join(dir.path, "left.json");
  writeFileSync(
    join(dir.path, "one.test.ts"),
    `import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as assert from "${import.meta.resolve("uvu/assert")}";
import { suite } from "${join(SUPPORT, "suite.ts")}";
import { makeTempDir } from "${join(SUPPORT, "temp-dir.ts")}";
suite("one", ({ test }) => { ${body} });
`,
  );
  const start = (...args: string[]) =>
    spawn(process.execPath, [RUNNER, "--dir", dir.path, ...args], {
      env: { ...process.env, LEFT: leftFile },
      stdio: ["ignore", "pipe", "inherit"],
    });
  return {
    leftFile,
    left: (): { pid: number; directory: string } => JSON.parse(readFileSync(leftFile, "utf8")),
    start,
    async run(...args: string[]): Promise<{ code: number; output: string }> {
      const runner = start(...args);
      let output = "";
      runner.stdout.on("data", (chunk) => (output += chunk));
      const [code] = await once(runner, "close");
      return { code, output };
    },
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

async function gone(pid: number, directory: string): Promise<void> {
  await eventually(() => !isAlive(pid), { what: `end of ${pid}` });
  assert.not(existsSync(directory));
}
