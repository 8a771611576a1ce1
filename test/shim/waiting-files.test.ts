import fc from "fast-check";
import * as assert from "uvu/assert";
import { compareSpoolFiles, parseSpoolName, type SpoolFile, signalId } from "../../src/shim/spool-file.ts";
import { createWaitingFiles } from "../../src/shim/waiting-files.ts";
import { suite } from "../support/suite.ts";

const files = fc
  .uniqueArray(
    fc.record({
      birth: fc.integer({ min: 0, max: 5 }),
      pid: fc.integer({ min: 1, max: 5 }),
      n: fc.nat(3),
      launch: fc.constantFrom("la", "lb"),
    }),
    { selector: ({ pid, n, launch }) => `${launch}.${pid}-${n}`, maxLength: 60 },
  )
  .map((rows) =>
    rows.map(({ birth, pid, n, launch }): SpoolFile => {
      const parsed = parseSpoolName(`${launch}.${pid}-${n}.Stop`);
      if (!parsed) throw new Error("not a name");
      return { ...parsed, birthNs: BigInt(birth) * 4_000_000n };
    }),
  );

suite("waiting files", ({ test }) => {
  test("come out by birth, then pid, then number, whatever order they came in", () => {
    fc.assert(
      fc.property(files, (given) => {
        const waiting = createWaitingFiles(() => 1000);
        for (const file of given) waiting.add(file);
        const out: SpoolFile[] = [];
        waiting.visit((file) => {
          out.push(file);
          return "take";
        });
        assert.equal(out, [...given].sort(compareSpoolFiles));
        const keys = out.map((file) => [Number(file.birthNs), file.pid, file.n]);
        for (let i = 1; i < keys.length; i++)
          assert.ok(isAtMost(keys[i - 1] as number[], keys[i] as number[]));
        assert.is(waiting.size, 0);
      }),
    );
  });

  test("what was born before the clock was set back comes first, however late its birth says", () => {
    const hour = 3_600_000;
    let now = 2 * hour;
    const waiting = createWaitingFiles(() => now);
    const add = (name: string, bornAt: number) => {
      const parsed = parseSpoolName(name);
      if (!parsed) throw new Error("not a name");
      waiting.add({ ...parsed, birthNs: BigInt(bornAt) * 1_000_000n });
    };
    add("la.2-0.Second", now - 5);
    add("la.1-0.First", now - 10);
    now -= hour;
    add("la.4-0.Fourth", now + 3);
    add("la.3-0.Third", now + 1);
    const out: string[] = [];
    waiting.visit(({ event }) => {
      out.push(event);
      return "take";
    });
    assert.equal(out, ["First", "Second", "Third", "Fourth"]);
  });

  test("any mix of adding, taking and leaving loses none, repeats none and keeps the order of what is left", () => {
    const steps = fc.array(fc.array(fc.constantFrom("take", "leave", "stop"), { maxLength: 20 }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(files, steps, (given, plan) => {
        const waiting = createWaitingFiles(() => 1000);
        const left = new Map<string, SpoolFile>();
        const source = [...given];
        for (const verdicts of plan) {
          for (const file of source.splice(0, 10)) {
            waiting.add(file);
            waiting.add(file);
            left.set(file.name, file);
          }
          const expected = [...left.values()].sort(compareSpoolFiles);
          let at = 0;
          waiting.visit((file) => {
            assert.is(file, expected[at]);
            const verdict = (verdicts[at] ?? "stop") as "take" | "leave" | "stop";
            at += 1;
            if (verdict === "take") left.delete(file.name);
            return verdict;
          });
          assert.is(waiting.size, left.size);
          assert.ok([...left.keys()].every((name) => waiting.has(name)));
        }
      }),
    );
  });
});

suite("spool names", ({ test }) => {
  test("are read into their parts", () => {
    assert.equal(parseSpoolName("l0a.123-4.tool.execute.after"), {
      name: "l0a.123-4.tool.execute.after",
      launchId: "l0a",
      pid: 123,
      n: 4,
      event: "tool.execute.after",
    });
    for (const name of [
      "",
      ".l0a.123",
      "l0a.123-4",
      "l0a.x-4.Stop",
      "L0A.1-0.Stop",
      "l0a.1-0.St op",
      `l.1-0.${"e".repeat(101)}`,
    ])
      assert.is(parseSpoolName(name), undefined, name);
  });

  test("with the birth make the id, which differs for each file of a launch", () => {
    const file = { ...(parseSpoolName("l0a.12-3.Stop") as SpoolFile), birthNs: 17n };
    assert.is(signalId(file), "17-12-3");
  });
});

function isAtMost(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, value] of a.entries()) if (value !== b[i]) return value < (b[i] as number);
  return true;
}
