import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createLaunchManifests } from "../../src/shim/launch-manifests.ts";
import { silentLog } from "../../src/util/log.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { makeHome } from "./shim-home.ts";

suite("launch manifests", ({ test }) => {
  const open = (path: string) => {
    const home = makeHome(path);
    let now = 0;
    const clock = { now: () => now, monotonic: () => now, after: () => () => {} };
    const manifests = createLaunchManifests({ sessionsDir: home.paths.sessionsDir, clock, log: silentLog });
    return { home, manifests, pass: (ms: number) => (now += ms) };
  };

  test("finds a launch by its id alone, also a second one of a session", () => {
    using dir = tempDir();
    const { home, manifests } = open(dir.path);
    home.addLaunch({ launchId: "l1", sessionId: "web-1" });
    home.addLaunch({ launchId: "l2", sessionId: "web-2", harness: "codex" });
    assert.is(manifests.find("l2")?.harness, "codex");
    assert.is(manifests.find("l1")?.sessionId, "web-1");
    const path = home.addLaunch({ launchId: "l3", sessionId: "web-1" });
    const third = manifests.find("l3");
    assert.is(third && manifests.dirOf(third), path);
  });

  test("remembers what it found, and looks again for what it missed only after a while", () => {
    using dir = tempDir();
    const { home, manifests, pass } = open(dir.path);
    const path = home.addLaunch({ launchId: "l1" });
    assert.ok(manifests.find("l1"));
    rmSync(path, { recursive: true });
    assert.ok(manifests.find("l1"));
    assert.is(manifests.find("l2"), undefined);
    home.addLaunch({ launchId: "l2" });
    assert.is(manifests.find("l2"), undefined);
    pass(2001);
    assert.ok(manifests.find("l2"));
  });

  test("a damaged manifest is none, and stands in nobody's way", () => {
    using dir = tempDir();
    const { home, manifests, pass } = open(dir.path);
    writeFileSync(join(home.addLaunch({ launchId: "l1", sessionId: "a" }), "launch.json"), '{"launchId":');
    writeFileSync(
      join(home.addLaunch({ launchId: "l2", sessionId: "b" }), "launch.json"),
      '{"launchId":"l2"}',
    );
    home.addLaunch({ launchId: "l3", sessionId: "c" });
    assert.is(manifests.find("l1"), undefined);
    assert.is(manifests.find("l2"), undefined);
    assert.ok(manifests.find("l3"));
    rmSync(home.paths.sessionsDir, { recursive: true });
    pass(5000);
    assert.is(manifests.find("l4"), undefined);
    assert.equal(manifests.directories(), []);
  });
});
