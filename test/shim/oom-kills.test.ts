import * as assert from "uvu/assert";
import { createOomKills, kernelMessages } from "../../src/shim/oom-kills.ts";
import { suite } from "../support/suite.ts";

const NOW = Date.UTC(2026, 10, 22);
/** Ms of the kernel's clock at NOW. */
const UPTIME = 5_000_000;

/** As kernels 4.19 to 6.18 say it, of the host's memory and of a cgroup's. */
const HOST = "Out of memory: Killed process 4242 (claude) total-vm:9931204kB, anon-rss:7812300kB";
const CGROUP = "Memory cgroup out of memory: Killed process 4242 (node) total-vm:1204kB, anon-rss:2300kB";

const record = (text: string, { priority = 3, ms = UPTIME - 10_000 } = {}) =>
  `${priority},77,${ms * 1000},-;${text}\n SUBSYSTEM=x\n`;
const killed = (records: string[], pid = 4242, time = NOW - 9_900) =>
  createOomKills(
    () => records,
    () => ({ now: NOW, uptime: UPTIME }),
  ).has(pid, time);

suite("out of memory, by the kernel's own word", ({ test }) => {
  test("a process that the kernel names died of it", () => {
    assert.is(killed([record("eth0: link up"), record(HOST)]), true);
    assert.is(killed([record(CGROUP)]), true);
  });

  test("no other pid did, also not one that looks alike", () => {
    for (const pid of [424, 242, 42424]) assert.is(killed([record(HOST)], pid), false);
    assert.is(killed([record("oom_reaper: reaped process 4242 (claude), now anon-rss:0kB")]), false);
    assert.is(killed([]), false);
  });

  test("a pid that was named at another time was somebody else's", () => {
    assert.is(killed([record(HOST, { ms: UPTIME - 200_000 })]), false);
    assert.is(killed([record(HOST)], 4242, NOW - 200_000), false);
  });

  test("what a program wrote into the kernel's log is not the kernel's word", () => {
    assert.is(killed([record(HOST, { priority: 11 })]), false);
    assert.is(killed([record("app said: x\nOut of memory: Killed process 4242 (claude)")]), false);
  });

  test("the host's messages are read to their end, or there are none", () => {
    for (const text of kernelMessages()) assert.match(text, /^(\d+,\d+,\d+,|$)/);
  });
});
