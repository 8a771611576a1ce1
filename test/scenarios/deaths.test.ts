import { spawn } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import * as assert from "uvu/assert";
import { hostSource } from "../../src/runtime/process-table.ts";
import { isAlive } from "../../src/util/is-alive.ts";
import { sendSignal } from "../../src/util/send-signal.ts";
import { launchShip, reach, type Ship } from "../chaos/blast/fleet.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { suite } from "../support/suite.ts";

type Begin = { harness?: string; begin?: string; status?: string };

/** How agents get into each state; a hook that asks for the next instruction only one harness has. */
const STATES: Record<string, Begin & { order?: string }> = {
  starting: { begin: "", status: "starting" },
  active: { begin: "session-start prompt", status: "working" },
  idle: {},
  blocked: { begin: "session-start prompt permission-request", status: "needs_input" },
  waiting_input: {
    harness: "claude-code",
    begin: "SessionStart UserPromptSubmit Stop",
    order: 'hook Notification {"notification_type":"agent_needs_input","message":"what next?"}',
    status: "idle",
  },
};

suite("deaths, of real processes", ({ test, before, after }) => {
  let daemon: RealDaemon;
  let dir: string;
  before(async () => {
    daemon = await createRealDaemon();
    dir = mkdtempSync(join(daemon.paths.home, "blast-"));
  });
  after(() => daemon.close());

  const launch = (begin: Begin = {}) => launchShip(daemon, dir, begin);
  const kill = (...pids: number[]) => {
    for (const pid of pids) sendSignal(pid, "SIGKILL");
  };
  const missed = async () => (await daemon.client.daemon.get()).missedEvents;
  const rulesOf = async ({ id }: Ship) => {
    const { signals } = await daemon.client.activity.explain(id);
    return signals.map(({ rule }) => rule);
  };
  /** Puts a record into the spool as `ao-run` does. */
  const spool = ({ launchId }: Ship, pid: number, record: object) => {
    const temporary = join(daemon.paths.spoolDir, `.${launchId}.forged`);
    writeFileSync(temporary, JSON.stringify(record));
    renameSync(temporary, join(daemon.paths.spoolDir, `${launchId}.${pid}-7.ao-process-started`));
  };
  const stopDaemon = async () => {
    const pid = daemon.pid();
    await daemon.client.daemon.stop();
    await eventually(() => !isAlive(pid), { timeoutMs: 20_000 });
  };

  /** Two ships in each state, all launched together. */
  const fleet = new Map<string, { witnessed: Ship; unseen: Ship }>();
  const arrive = async (state: string) => {
    const { order, ...begin } = STATES[state] as Begin & { order?: string };
    const ship = await launch(begin);
    if (order) {
      await ship.obey(order);
      await reach(daemon, ship.id, "needs_input");
      assert.is((await ship.info()).activity.state, state);
    }
    return ship;
  };
  const shipsIn = (state: string) => fleet.get(state) as { witnessed: Ship; unseen: Ship };

  test(
    "agents get into every state",
    async () => {
      const arrivals = Object.keys(STATES).map(async (state) => {
        const [witnessed, unseen] = await Promise.all([arrive(state), arrive(state)]);
        fleet.set(state, { witnessed, unseen });
      });
      await Promise.all(arrivals);
    },
    { timeoutMs: 90_000 },
  );

  for (const state of Object.keys(STATES)) {
    test(`SIGKILL of the agent while ${state}: failed, by what, and told by its launcher`, async () => {
      const { witnessed } = shipsIn(state);
      kill((await witnessed.members()).agent);
      const failed = await reach(daemon, witnessed.id, "failed");
      assert.is(failed.process.exit?.signal, "SIGKILL");
      assert.is(failed.process.exit?.cause, "signaled");
      assert.is(await missed(), 0);
    });
  }

  test(
    "SIGKILL of all that could tell, in every state: lost, found by the sweep",
    async () => {
      const ships = Object.keys(STATES).map((state) => shipsIn(state).unseen);
      const members = await Promise.all(ships.map((ship) => ship.members()));
      kill(...members.flatMap(({ launcher, shell, agent }) => [launcher, shell, agent]));
      await Promise.all(ships.map(({ id }) => reach(daemon, id, "lost")));
      assert.is(await missed(), ships.length);
    },
    { timeoutMs: 60_000 },
  );

  test(
    "a pid that is another process's by now: lost, and that process is left alone",
    async () => {
      const ship = await launch();
      const { agent, launcher, shell } = await ship.members();
      const other = spawn("sleep", ["1000"]);
      try {
        spool(ship, agent, { pid: other.pid, pid_start_ticks: 1 });
        await eventually(async () => (await ship.info()).process.pid === other.pid, { timeoutMs: 20_000 });
        kill(launcher, shell, agent);
        await reach(daemon, ship.id, "lost");
        await daemon.client.sessions.kill({ sessionId: ship.id, graceMs: 100 });
        await daemon.client.sessions.remove(ship.id);
        assert.is(other.exitCode ?? other.signalCode, null);
      } finally {
        other.kill("SIGKILL");
      }
    },
    { timeoutMs: 60_000 },
  );

  test(
    "a live one called lost that reports again is taken back, and explain says so",
    async () => {
      const ship = await launch();
      const { agent } = await ship.members();
      spool(ship, agent, { pid: 4_194_304, pid_start_ticks: 1 });
      renameSync(ship.socket, `${ship.socket}.away`);
      try {
        await reach(daemon, ship.id, "lost");
        await ship.obey("hook prompt");
        await eventually(async () => (await rulesOf(ship)).includes("R4"), { timeoutMs: 20_000 });
      } finally {
        renameSync(`${ship.socket}.away`, ship.socket);
      }
      const ticks = (await hostSource().row(agent))?.startTicks;
      spool(ship, agent + 1, { pid: agent, pid_start_ticks: ticks });
      await reach(daemon, ship.id, "working");
      await eventually(async () => (await ship.info()).process.pid === agent, { timeoutMs: 20_000 });
    },
    { timeoutMs: 90_000 },
  );

  test(
    "a stopped agent is alive, and said to be stopped until it goes on",
    async () => {
      const ship = await launch();
      const { agent } = await ship.members();
      const reason = async () => (await ship.info()).statusReason;
      process.kill(agent, "SIGSTOP");
      await eventually(async () => /process is stopped/.test(await reason()), { timeoutMs: 20_000 });
      assert.is((await ship.info()).status, "idle");
      process.kill(agent, "SIGCONT");
      await eventually(async () => !/stopped/.test(await reason()), { timeoutMs: 20_000 });
      assert.is((await ship.info()).status, "idle");
    },
    { timeoutMs: 60_000 },
  );

  test(
    "a probe that hangs declares nobody dead, holds up no other sweep, and is alone",
    async () => {
      const [hung, other] = await Promise.all([launch(), launch()]);
      const { server, launcher, agent } = await hung.members();
      process.kill(server, "SIGSTOP");
      try {
        kill(launcher, agent);
        const clients = () => hostSource().withArguments([hung.socket, "display-message"]);
        await eventually(async () => (await clients()).length > 0, { timeoutMs: 20_000 });
        const dead = await other.members();
        kill(dead.launcher, dead.shell, dead.agent);
        const most = { clients: 0 };
        await eventually(
          async () => {
            most.clients = Math.max(most.clients, (await clients()).length);
            return (await other.info()).status === "lost";
          },
          { timeoutMs: 20_000 },
        );
        assert.is(most.clients <= 1, true, `${most.clients} probes at once`);
        assert.is((await hung.info()).status, "idle");
      } finally {
        process.kill(server, "SIGCONT");
      }
      await reach(daemon, hung.id, "lost");
    },
    { timeoutMs: 90_000 },
  );

  test(
    "the daemon is stopped for a session's whole life: history, exit and its time are exact",
    async () => {
      const ship = await launch();
      await stopDaemon();
      const events = [
        "prompt",
        "tool-start",
        "tool-end",
        "permission-request",
        "permission-reply",
        "turn-end",
      ];
      for (const event of events) await ship.obey(`hook ${event}`);
      const { agent } = await membersWithoutDaemon(ship);
      const from = Date.now();
      ship.order("self exit 3");
      await eventually(() => !isAlive(agent), { timeoutMs: 20_000 });
      const until = Date.now();
      await sleep(300);
      await daemon.start();
      const ended = await reach(daemon, ship.id, "failed");
      assert.is(ended.process.exit?.code, 3);
      assert.is(ended.process.exit?.cause, "exited");
      const time = Number(ended.process.exit?.time);
      // Files are stamped with a clock that ticks every 4 ms.
      assert.ok(time >= from - 10 && time <= until + 250, `${time} is not in ${from}…${until}`);
      const { signals } = await daemon.client.activity.list({ sessionId: ship.id, pageSize: 100 });
      const told = signals.map(({ signal }) => signal.event).reverse();
      assert.equal(
        told.filter((event) => !/^ao-|_/.test(event)),
        ["session-start", "prompt", "turn-end", ...events],
      );
      assert.is(told.filter((event) => event === "ao-process-exited").length, 1);
      assert.is(await missed(), 0, "told by its launcher, not found by the sweep");
    },
    { timeoutMs: 90_000 },
  );

  test(
    "the host was rebooted: lost at once, and said so",
    async () => {
      const ship = await launch();
      const { agent, launcher, shell, server } = await ship.members();
      await stopDaemon();
      kill(server, launcher, shell, agent);
      const database = new Database(daemon.paths.databasePath);
      database.prepare("update launch set boot_id = 'another' where id = ?").run(ship.launchId);
      database.close();
      rmSync(ship.socket, { force: true });
      await daemon.start();
      const lost = await ship.info();
      assert.is(lost.status, "lost");
      assert.is(lost.statusReason, "the host was rebooted");
    },
    { timeoutMs: 60_000 },
  );

  /** The pids as the kernel tells them: the daemon cannot be asked. */
  async function membersWithoutDaemon(ship: Ship): Promise<{ agent: number }> {
    const [agent = 0] = await agentsOf(ship);
    return { agent };
  }

  async function agentsOf({ id }: Ship): Promise<number[]> {
    const source = hostSource();
    const rows = (await source.rows()).map(({ pid }) => pid);
    const tagged = await source.tagged(rows, [`AO_SESSION_ID=${id}`, `AO_HOME=${daemon.paths.home}`]);
    const argv = await Promise.all([...tagged].map(async (pid) => ({ pid, argv: await source.argv(pid) })));
    return argv.filter((one) => one.argv.some((word) => word.endsWith("agent.sh"))).map(({ pid }) => pid);
  }
});
