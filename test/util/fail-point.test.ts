import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createFailPoint, createRandom, FAIL_POINTS, noFailPoint } from "../../src/util/fail-point.ts";
import { suite } from "../support/suite.ts";

const MODULE = join(import.meta.dirname, "../../src/util/fail-point.ts");

suite("fail point", ({ test }) => {
  test("does nothing when nothing is switched on", () => {
    assert.is(createFailPoint(undefined), noFailPoint);
    assert.is(createFailPoint(""), noFailPoint);
  });

  test("dies where it is told and nowhere else", () => {
    const deaths: string[] = [];
    let here = "";
    const failPoint = createFailPoint("shim:sent:1,daemon:acked:0", () => deaths.push(here));
    for (const name of FAIL_POINTS) {
      here = name;
      failPoint(name);
    }
    assert.equal(deaths, ["shim:sent"]);
  });

  test("dies at the same passages with the same seed, as often as its probability says", () => {
    const passages = (seed: number) => {
      const died: number[] = [];
      let passage = 0;
      const failPoint = createFailPoint(`shim:read:0.1:${seed}`, () => died.push(passage));
      for (; passage < 2000; passage++) failPoint("shim:read");
      return died;
    };
    assert.equal(passages(7), passages(7));
    assert.not.equal(passages(7), passages(8));
    assert.ok(Math.abs(passages(7).length - 200) < 60, `${passages(7).length} of 2000`);
  });

  test("refuses what it does not know and names what it knows", () => {
    for (const spec of ["shim:sent", "shim:nowhere:1", "shim:sent:2", "shim:sent:x", "shim:sent:1,"])
      assert.throws(() => createFailPoint(spec), /AO_FAIL_POINTS has .*shim:read, shim:sent/);
  });

  test("kills its process with SIGKILL", () => {
    const script = `import { createFailPoint } from ${JSON.stringify(MODULE)};
      process.on("exit", () => console.log("ended in order"));
      createFailPoint(process.argv[1])("daemon:acked");`;
    const run = (spec: string) => [process.execPath, "--input-type=module", "-e", script, spec] as const;
    const [file, ...args] = run("daemon:acked:1");
    const { signal, stdout } = spawnSync(file, args, { encoding: "utf8" });
    assert.equal([signal, stdout], ["SIGKILL", ""]);
    const [, ...spared] = run("daemon:acked:0");
    assert.is(execFileSync(file, spared, { encoding: "utf8" }), "ended in order\n");
  });

  test("random numbers stay between 0 and 1", () => {
    const random = createRandom(1);
    for (let i = 0; i < 1000; i++) {
      const value = random();
      assert.ok(value >= 0 && value < 1);
    }
  });
});
