import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { hostSource } from "../../../src/runtime/process-table.ts";
import type { SessionInfo } from "../../../src/wire/session-info.ts";
import { eventually } from "../../support/eventually.ts";
import type { RealDaemon } from "../../support/real-daemon.ts";

const AGENT = join(import.meta.dirname, "agent.sh");
const HOOK = join(import.meta.dirname, "../../../bin/ao-hook");
const PATIENCE_MS = 60_000;

/** The processes of one session. */
export interface Members {
  agent: number;
  /** `bin/ao-run`. */
  launcher: number;
  /** The shell that leads the pane. */
  shell: number;
  /** The tmux server. */
  server: number;
}

/** One session of the fleet, whose agent does as it is told. */
export interface Ship {
  id: string;
  launchId: string;
  /** Of its tmux server. */
  socket: string;
  members(): Promise<Members>;
  /** Gives an order without waiting for its end, which may be the agent's own. */
  order(line: string): void;
  /** Gives an order and waits until the agent has carried it out. */
  obey(line: string, timeoutMs?: number): Promise<void>;
  /** What its commands said on stderr. */
  said(): string;
  info(): Promise<SessionInfo>;
}

/** Sessions with tiny real agents, each in a terminal of its own. */
export interface Fleet {
  ships: readonly Ship[];
  /** Takes the place of a ship that ended. */
  replace(ship: Ship): Promise<void>;
  /** Those whose status is not idle, or whose next hooks are not delivered, each with what is wrong. */
  troubled(except?: Ship): Promise<string[]>;
}

export async function launchFleet(daemon: RealDaemon, size: number): Promise<Fleet> {
  const dir = mkdtempSync(join(daemon.paths.home, "blast-"));
  const ships: Ship[] = [];
  for (let at = 0; at < size; at += 6) {
    const count = Math.min(6, size - at);
    ships.push(...(await Promise.all(Array.from({ length: count }, () => launchShip(daemon, dir)))));
  }
  return {
    ships,
    async replace(ship) {
      await daemon.client.sessions.kill({ sessionId: ship.id, graceMs: 500 });
      await daemon.client.sessions.remove(ship.id);
      ships[ships.indexOf(ship)] = await launchShip(daemon, dir);
    },
    async troubled(except) {
      const others = ships.filter((ship) => ship !== except);
      return (await Promise.all(others.map((ship) => troubleOf(daemon, ship)))).flat();
    },
  };
}

/** Spawns a session; `begin` are the hooks its agent starts with, `status` what it then is. */
export async function launchShip(
  daemon: RealDaemon,
  dir: string,
  options: { harness?: string; begin?: string; status?: string } = {},
): Promise<Ship> {
  const { harness = "demo", begin = "session-start prompt turn-end", status = "idle" } = options;
  const session = await daemon.client.sessions.spawn({
    projectId: "shop",
    harness,
    prompt: "sail",
    environment: {
      ...daemon.env,
      AO_DEMO_BIN: AGENT,
      AO_CLAUDE_CODE_BIN: AGENT,
      BLAST_DIR: dir,
      BLAST_BEGIN: begin,
      BLAST_HOOK: HOOK,
    },
  });
  const orders = join(dir, session.id);
  const info = () => daemon.client.sessions.get(session.id);
  const done = () => (existsSync(`${orders}.done`) ? readFileSync(`${orders}.done`, "utf8").length : 0);
  const order = (line: string) => tell(orders, `${line}\n`);
  const socket = session.attachCommand[session.attachCommand.indexOf("-S") + 1] ?? "";
  await reach(daemon, session.id, status);
  await eventually(() => tell(orders, "") ?? true, { timeoutMs: PATIENCE_MS, what: "the agent listens" });
  return {
    id: session.id,
    launchId: session.launchId,
    socket,
    info,
    order,
    async obey(line, timeoutMs = PATIENCE_MS) {
      const before = done();
      order(line);
      await eventually(() => done() > before, { timeoutMs, what: `${session.id} obeys "${line}"` });
    },
    said: () => (existsSync(`${orders}.said`) ? readFileSync(`${orders}.said`, "utf8") : ""),
    members: async () => membersOf(await info(), socket),
  };
}

/** Throws where nobody listens, and never waits: the agent may be gone. */
function tell(orders: string, line: string): void {
  const fd = openSync(orders, constants.O_WRONLY | constants.O_NONBLOCK);
  if (line) writeSync(fd, line);
  closeSync(fd);
}

async function membersOf(info: SessionInfo, socket: string): Promise<Members> {
  const source = hostSource();
  const agent = info.process.pid ?? 0;
  const [server = 0] = await source.withArguments([socket, "new-session"]);
  const launcher = (await source.row(agent))?.parent ?? 0;
  const shell = (await source.row(launcher))?.parent ?? 0;
  if (![agent, launcher, shell, server].every((pid) => pid > 1))
    throw new Error(`${info.id}: not all processes were found: ${[agent, launcher, shell, server]}`);
  return { agent, launcher, shell, server };
}

export async function reach(daemon: RealDaemon, sessionId: string, status: string): Promise<SessionInfo> {
  const look = async () => {
    const info = await daemon.client.sessions.get(sessionId);
    if (info.status === status) return info;
    throw new Error(`${info.status}: ${info.statusReason}`);
  };
  return eventually(look, { timeoutMs: PATIENCE_MS, everyMs: 30, what: `${sessionId} ${status}` });
}

/** Right is: idle before, works when its agent says so, idle again when it says that; the same launch all the time. */
async function troubleOf(daemon: RealDaemon, ship: Ship): Promise<string[]> {
  try {
    const before = await ship.info();
    if (before.status !== "idle") return [`${ship.id} is ${before.status}: ${before.statusReason}`];
    if (before.launchId !== ship.launchId) return [`${ship.id} runs as another launch`];
    ship.order("hook prompt");
    await reach(daemon, ship.id, "working");
    ship.order("hook turn-end");
    await reach(daemon, ship.id, "idle");
    return [];
  } catch (error) {
    return [`${ship.id}: ${error instanceof Error ? error.message : String(error)}`];
  }
}
