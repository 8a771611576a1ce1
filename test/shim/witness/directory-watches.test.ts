import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createDirectoryWatches } from "../../../src/shim/witness/directory-watches.ts";
import { silentLog } from "../../../src/util/log.ts";
import { eventually } from "../../support/eventually.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { suite } from "../../support/suite.ts";
import { tempDir } from "../../support/temp-dir.ts";

function setUp() {
  const root = tempDir();
  const dir = join(root.path, "sessions");
  const clock = createManualClock(0);
  const watches = createDirectoryWatches({ clock, log: silentLog, pollMs: 1000 });
  const member = () => {
    const heard: (string | undefined)[] = [];
    return { heard, ...watches.join(dir, (name) => heard.push(name)) };
  };
  const write = (name: string) => writeFileSync(join(dir, name), "x");
  return { root, dir, clock, member, write };
}

suite("directory watches", ({ test }) => {
  test("all who wait for a file in one directory hear of it, until each has enough", async () => {
    const { root, dir, member, write } = setUp();
    using _ = root;
    mkdirSync(dir);
    const [first, second] = [member(), member()];
    first.follow();
    second.follow();
    write("1.json");
    await eventually(() => first.heard.includes("1.json") && second.heard.includes("1.json"));
    first.close();
    write("2.json");
    await eventually(() => second.heard.includes("2.json"));
    assert.not.ok(first.heard.includes("2.json"));
    second.close();
    const third = member();
    third.follow();
    write("3.json");
    await eventually(() => third.heard.includes("3.json"));
    assert.not.ok(second.heard.includes("3.json"));
    third.close();
  });

  test("a directory that appears is watched at the next look of anybody", async () => {
    const { root, dir, member, write } = setUp();
    using _ = root;
    const [first, second] = [member(), member()];
    first.follow();
    mkdirSync(dir);
    second.follow();
    write("1.json");
    await eventually(() => first.heard.includes("1.json"));
    first.close();
    second.close();
  });

  test("one that was replaced is watched again within a poll", async () => {
    const { root, dir, clock, member, write } = setUp();
    using _ = root;
    mkdirSync(dir);
    const watch = member();
    watch.follow();
    renameSync(dir, `${dir}-old`);
    mkdirSync(dir);
    clock.advance(1000);
    watch.follow();
    write("new.json");
    await eventually(() => watch.heard.includes("new.json"));
    watch.close();
  });
});
