import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { ProcessIdentity } from "../../src/core/ports/runtime.ts";
import { createProcSource, parseStat } from "../../src/runtime/proc-source.ts";
import { createProcessRuntime } from "../../src/runtime/process-runtime.ts";
import type { ProcessRow, ProcessSource } from "../../src/runtime/process-source.ts";
import { createProcessTable } from "../../src/runtime/process-table.ts";
import { createProcessTree } from "../../src/runtime/process-tree.ts";
import { createPsSource, parseRows } from "../../src/runtime/ps-source.ts";
import { eventually } from "../support/eventually.ts";
import { type Suite, suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { AO_RUN, launchOf, record } from "./fixture.ts";

const procTable = createProcessTable({ source: createProcSource() });
let count = 0;

/** A shell script running as a session's process; `pids()` are the numbers it wrote to the file "$OUT". */
function startTagged(root: string, script: string, { detached = true } = {}) {
  const sessionId = `t${process.pid}-${++count}`;
  const out = join(root, sessionId);
  const env = { PATH: process.env.PATH, AO_SESSION_ID: sessionId, AO_LAUNCH_ID: `l-${sessionId}`, OUT: out };
  const child = spawn("/bin/sh", ["-c", script], { env, stdio: "ignore", detached });
  const pids = (wanted: number) =>
    eventually(() => {
      const found = existsSync(out) ? readFileSync(out, "utf8").split("\n").filter(Boolean).map(Number) : [];
      return found.length === wanted ? found : undefined;
    });
  return { sessionId, launchId: env.AO_LAUNCH_ID, child, pids };
}

const pidOf = (child: ChildProcess) => child.pid as number;
const root = async (child: ChildProcess) => (await procTable.identify(pidOf(child))) as ProcessIdentity;
const living = async (pids: readonly number[]) => {
  const rows = await Promise.all(pids.map((pid) => procTable.identify(pid)));
  return rows.filter(Boolean).length;
};

const identified = (table: typeof procTable, pid: number) =>
  eventually(async () => await table.identify(pid), { what: `process ${pid}` });

/** What every source of the table must do. */
function conformsToSource({ test }: Suite, source: ProcessSource): void {
  const table = createProcessTable({ source });

  test("tells a process from one that had its pid before", async () => {
    const identity = (await table.identify(process.pid)) as ProcessIdentity;
    assert.is(await table.probe(identity), "alive");
    assert.is(await table.probe({ ...identity, startTicks: identity.startTicks - 100 }), "dead");
  });

  test("looks at many in one pass and tells each its own", async () => {
    const held = spawn("/bin/sh", ["-c", "kill -STOP $$; sleep 1000"]);
    const self = await identified(table, process.pid);
    const stopped = await identified(table, pidOf(held));
    await eventually(async () => (await table.look(stopped)) === "stopped");
    const other = { ...self, startTicks: self.startTicks - 100 };
    const looked = await table.lookAll([other, self, stopped, { pid: 4_000_000, startTicks: 1 }, self]);
    assert.equal(looked, ["dead", "alive", "stopped", "dead", "alive"]);
    assert.equal(await table.lookAll([]), []);
    held.kill("SIGKILL");
    await once(held, "close");
    assert.equal(await table.lookAll([stopped]), ["dead"]);
  });

  test("has a zombie as gone", async () => {
    // The grandchild ends at once; its parent does not ask for its status.
    const parent = spawn("/bin/sh", ["-c", "/bin/sh -c 'echo $$; kill -STOP $PPID' & exec sleep 1000"]);
    const pid = Number((await once(parent.stdout, "data"))[0]);
    await eventually(async () => (await table.identify(pid)) === undefined);
    assert.match(readFileSync(`/proc/${pid}/stat`, "utf8"), ") Z ");
    parent.kill("SIGKILL");
    await once(parent, "close");
    assert.is(await table.identify(pidOf(parent)), undefined);
  });

  test("finds processes by tag, and their children that lost it", async () => {
    using dir = tempDir();
    const script = 'echo $$ >> "$OUT"; env -i /bin/sh -c "echo \\$\\$ >> $OUT; sleep 1000"';
    const tagged = startTagged(dir.path, script);
    const pids = await tagged.pids(2);
    const found = (await table.findByTag(tagged)).map(({ pid }) => pid);
    for (const pid of pids) assert.ok(found.includes(pid), `${pid} in ${found}`);
    const of = async (tag: { sessionId: string; launchId?: string }) => (await table.findByTag(tag)).length;
    assert.is(await of({ sessionId: tagged.sessionId }), found.length);
    assert.is(await of({ ...tagged, launchId: "other" }), 0);
    assert.is(await of({ sessionId: tagged.sessionId.slice(0, -1) }), 0);
    assert.equal(await table.killTree({ tag: tagged, roots: [], graceMs: 5000 }), []);
    assert.is(await living(found), 0);
  });
}

suite("process table: /proc", (s) => conformsToSource(s, createProcSource()));
suite("process table: ps", (s) => conformsToSource(s, createPsSource()));

suite("process table: facts", ({ test }) => {
  test("reads a name full of parentheses and spaces", () => {
    const rest = Array.from({ length: 50 }, (_, index) => index + 4).join(" ");
    const row = parseStat(7, `7 (a ) R (b) S 1) T ${rest}\n`);
    const expected = { pid: 7, parent: 4, group: 5, session: 6, startTicks: 22, stopped: true };
    assert.equal(row, expected);
  });

  test("has a leader that ended as alive while its threads run on", () => {
    const fields = Array.from({ length: 50 }, (_, index) => index + 4);
    assert.ok(parseStat(7, `7 (x) Z ${fields.join(" ")}`));
    fields[16] = 1;
    assert.is(parseStat(7, `7 (x) Z ${fields.join(" ")}`), undefined);
  });

  test("reads what ps prints", () => {
    const text =
      "    1     0     1 Ss   Sun Nov  2 01:00:00 2025\n  22 1 1 Z Sun Nov  2 01:00:00 2025\nnoise\n";
    const startTicks = Date.parse("Sun Nov  2 01:00:00 2025") / 1000;
    assert.equal(parseRows(text), [{ pid: 1, parent: 0, group: 1, session: 0, startTicks, stopped: false }]);
  });

  test("knows the boot", async () => {
    assert.match(await procTable.bootId(), /^[0-9a-f-]{36}$/);
  });

  test("is unknown when the table cannot be read", async () => {
    const unreadable = {
      ...createProcSource(),
      row: () => Promise.reject(Object.assign(new Error(), { code: "EMFILE" })),
    };
    assert.is(await createProcessTable({ source: unreadable }).probe({ pid: 1, startTicks: 0 }), "unknown");
  });

  test("one that cannot be read does not hide the others from a pass over many", async () => {
    const source = createProcSource();
    const forbidden = Object.assign(new Error(), { code: "EACCES" });
    const partly = createProcessTable({
      source: {
        ...source,
        rowsOf: () => Promise.reject(forbidden),
        row: (pid) => (pid === 1 ? Promise.reject(forbidden) : source.row(pid)),
      },
    });
    const self = (await procTable.identify(process.pid)) as ProcessIdentity;
    const gone = { pid: 4_000_000, startTicks: 1 };
    assert.equal(await partly.lookAll([{ pid: 1, startTicks: 1 }, self, gone]), ["unknown", "alive", "dead"]);
  });
});

suite("process table: killTree", ({ test }) => {
  test("ends whoever heeds SIGTERM before the grace is over", async () => {
    using dir = tempDir();
    const tagged = startTagged(dir.path, 'echo $$ >> "$OUT"; exec sleep 1000');
    await tagged.pids(1);
    const ended = once(tagged.child, "exit");
    assert.equal(await procTable.killTree({ tag: tagged, roots: [], graceMs: 60_000 }), []);
    assert.is((await ended)[1], "SIGTERM");
  });

  test("ends those that ignore SIGTERM, are stopped, forked twice, or left session and environment", async () => {
    using dir = tempDir();
    const sleeper = (how: string) => `${how} /bin/sh -c 'echo $$ >> '"$OUT"'; while :; do sleep 1000; done'`;
    const script = [
      "trap '' TERM",
      `(${sleeper("")} & )`,
      `(${sleeper("setsid")} & )`,
      `${sleeper("env -i setsid")} &`,
      `/bin/sh -c 'echo $$ >> "$OUT"; kill -STOP $$' &`,
      'echo $$ >> "$OUT"; while :; do sleep 1000; done',
    ].join("\n");
    const tagged = startTagged(dir.path, script);
    const pids = await tagged.pids(5);
    assert.equal(await procTable.killTree({ tag: tagged, roots: [], graceMs: 300 }), []);
    assert.is(await living(pids), 0);
    assert.equal(await procTable.findByTag(tagged), []);
  });

  test("ends a chain of processes that fork and end within milliseconds, deaf to SIGTERM", async () => {
    using dir = tempDir();
    const hop = join(dir.path, "hop");
    const log = join(dir.path, "log");
    writeFileSync(hop, `#!/bin/sh\ntrap '' TERM\necho $$ >> "${log}" || exit\n"${hop}" &\n`, { mode: 0o755 });
    const tagged = startTagged(dir.path, `exec "${hop}"`);
    await eventually(() => existsSync(log) && statSync(log).size > 50);
    assert.equal(await procTable.killTree({ tag: tagged, roots: [], graceMs: 100 }), []);
    const ended = statSync(log).size;
    // The next hop would have come within milliseconds.
    await sleep(200);
    assert.is(statSync(log).size, ended);
  });

  test("keeps an eye on a deaf child whose parent went first, though nothing but its birth ties it to the tree", async () => {
    using dir = tempDir();
    const deaf = `trap "" TERM; echo $$ >> "$0"; while :; do sleep 1000; done`;
    const script = `env -i /bin/sh -c '${deaf}' "$OUT" & echo $$ >> "$OUT"; exec sleep 1000`;
    // Not detached: it shares this test's group, which is nobody's to kill.
    const tagged = startTagged(dir.path, script, { detached: false });
    const pids = await tagged.pids(2);
    assert.equal(await procTable.killTree({ tag: tagged, roots: [], graceMs: 300 }), []);
    assert.is(await living(pids), 0);
  });

  test("ends a root without a tag and the group it leads, and nobody else", async () => {
    using dir = tempDir();
    const bystander = startTagged(dir.path, 'echo $$ >> "$OUT"; exec sleep 1000');
    const script = `(env -u AO_SESSION_ID sleep 1000 & echo $! >> "$OUT"); echo $$ >> "$OUT"; exec sleep 1000`;
    const led = startTagged(dir.path, script);
    const pids = [...(await led.pids(2)), ...(await bystander.pids(1))];
    const tag = { sessionId: "nobody" };
    assert.equal(await procTable.killTree({ tag, roots: [await root(led.child)], graceMs: 5000 }), []);
    assert.is(await living(pids), 1);
    assert.equal(await procTable.killTree({ tag: bystander, roots: [], graceMs: 5000 }), []);
  });

  test("ends only those whose arguments are known, where it is told so", async () => {
    using dir = tempDir();
    const script = `/bin/sh -c 'echo $$ >> "$OUT"; sleep 1000' sh --helper & echo $$ >> "$OUT"; exec sleep 1000`;
    const tagged = startTagged(dir.path, script);
    const pids = await tagged.pids(2);
    const only = (argv: readonly string[]) => argv.includes("--helper");
    assert.equal(await procTable.killTree({ tag: tagged, roots: [], graceMs: 5000, only }), []);
    assert.is(await living(pids), 1);
    assert.equal(await procTable.killTree({ tag: tagged, roots: [], graceMs: 5000 }), []);
    assert.is(await living(pids), 0);
  });

  test("leaves a session of the same name in another home alone", async () => {
    using dir = tempDir();
    const theirs = startTagged(dir.path, 'echo $$ >> "$OUT"; exec sleep 1000');
    const pids = await theirs.pids(1);
    const tableOf = (home: string) => createProcessTable({ scope: { OUT: home } });
    await tableOf("/another/home").killTree({ tag: theirs, roots: [], graceMs: 0 });
    assert.is(await living(pids), 1);
    await tableOf(join(dir.path, theirs.sessionId)).killTree({ tag: theirs, roots: [], graceMs: 0 });
    assert.is(await living(pids), 0);
  });

  test("has neither pid 1 nor itself in a tree, whatever is asked", async () => {
    // Looks only: a test that killed what must never be killed would take the machine along when it fails.
    const source = createProcSource();
    const first = (await source.row(1)) as ProcessRow;
    const self = (await source.row(process.pid)) as ProcessRow;
    const rows = [first, self, { ...self, pid: 2 ** 22 + 1, parent: 1 }];
    const small: ProcessSource = { ...source, rows: async () => rows, tagged: async (pids) => new Set(pids) };
    const tree = createProcessTree({ source: small, assignments: [], roots: [first, self], groups: true });
    assert.equal(
      (await tree.scan()).map((member) => member.pid),
      [2 ** 22 + 1],
    );
  });

  test("never touches a process that only has the pid of a root", async () => {
    using dir = tempDir();
    const innocent = startTagged(dir.path, 'echo $$ >> "$OUT"; exec sleep 1000');
    const [pid] = (await innocent.pids(1)) as [number];
    const identity = await root(innocent.child);
    const roots = [{ pid, startTicks: identity.startTicks - 1 }];
    assert.equal(await procTable.killTree({ tag: { sessionId: "nobody" }, roots, graceMs: 0 }), []);
    assert.is(await procTable.probe(identity), "alive");
    await procTable.killTree({ tag: innocent, roots: [], graceMs: 0 });
  });

  test("checks the identity right before each kill", async () => {
    using dir = tempDir();
    const innocent = startTagged(dir.path, 'echo $$ >> "$OUT"; exec sleep 1000');
    await innocent.pids(1);
    const source = createProcSource();
    // Between the scan and the kill the pid has gone to somebody else: the second look sees another start time.
    let looks = 0;
    const reused: ProcessSource = {
      ...source,
      row: async (pid) => {
        looks++;
        const row = await source.row(pid);
        return row && { ...row, startTicks: row.startTicks + 1 };
      },
    };
    const stop = new AbortController();
    const killing = createProcessTable({ source: reused }).killTree({
      tag: innocent,
      roots: [],
      graceMs: 0,
      signal: stop.signal,
    });
    const outcome = killing.catch((error: Error) => error.name);
    await eventually(() => looks >= 3);
    stop.abort();
    assert.is(await outcome, "AbortError");
    assert.is(await procTable.probe(await root(innocent.child)), "alive");
    await procTable.killTree({ tag: innocent, roots: [], graceMs: 0 });
  });

  test("lets the launcher write how the agent ended, also after SIGKILL", async () => {
    using dir = tempDir();
    const runtime = createProcessRuntime({ aoRun: AO_RUN, processes: procTable });
    const deaf = "trap '' TERM; echo > ready; while :; do sleep 1000; done";
    const request = launchOf(dir.path, ["/bin/sh", "-c", deaf]);
    await runtime.start(runtime.handleFor(request), request);
    const { pid } = await record(request, "started");
    await eventually(() => existsSync(join(request.cwd, "ready")));
    assert.equal(await procTable.killTree({ tag: request, roots: [], graceMs: 0 }), []);
    assert.equal(await record(request, "exited"), { pid, exit_signal: "SIGKILL" });
  });
});
