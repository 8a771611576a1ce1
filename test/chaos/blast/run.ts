import { eventually } from "../../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../../support/real-daemon.ts";
import { ACCIDENTS, type Accident } from "./accidents.ts";
import { type Fleet, launchFleet, reach, type Ship } from "./fleet.ts";

export interface BlastOptions {
  sessions: number;
  form: "short" | "full" | "long";
  /** All processes that can be seen are the test's own. */
  namespace: boolean;
  /** Only accidents whose name holds this. */
  only?: string;
}

/** What one accident did. */
export interface BlastReport {
  accident: string;
  /** What is wrong; empty when at most the one session was hurt, and told right. */
  wrong: string[];
  /** What is said of the session it happened to. */
  said: string;
  seconds: number;
}

/** Lets every accident happen to a fleet, one after another, and looks at every session after each. */
export async function runBlast(
  options: BlastOptions,
  onReport: (report: BlastReport) => void,
): Promise<BlastReport[]> {
  const daemon = await createRealDaemon();
  const reports: BlastReport[] = [];
  try {
    const fleet = await launchFleet(daemon, options.sessions);
    for (const [index, accident] of ACCIDENTS.filter((one) => isMeant(one, options)).entries()) {
      const ship = fleet.ships[index % fleet.ships.length] as Ship;
      const started = performance.now();
      const wrong: string[] = [];
      let said = "";
      try {
        await accident.happen({ daemon, ship });
        wrong.push(...(await fleet.troubled(ship)));
        said = await judge({ accident, ship, fleet, daemon }, wrong);
      } catch (error) {
        wrong.push(`${error instanceof Error ? error.message : String(error)} ${ship.said()}`.trim());
      }
      const report = { accident: accident.name, wrong, said, seconds: (performance.now() - started) / 1000 };
      reports.push(report);
      onReport(report);
      if (accident.status !== undefined || wrong.length > 0) await fleet.replace(ship);
    }
    if (options.namespace && options.form !== "short" && options.only === undefined) {
      const report = await everythingKilled(daemon, fleet);
      reports.push(report);
      onReport(report);
    }
    return reports;
  } finally {
    await daemon.close();
  }
}

function isMeant(accident: Accident, { form, namespace, only }: BlastOptions): boolean {
  if (accident.namespace && !namespace) return false;
  if (only !== undefined) return accident.name.includes(only);
  switch (form) {
    case "short":
      return accident.form === "short";
    case "full":
      return accident.form !== "long";
    case "long":
      return true;
  }
}

/** Adds what is wrong with the ship it happened to; returns what ao says of it. */
async function judge(
  scene: { accident: Accident; ship: Ship; fleet: Fleet; daemon: RealDaemon },
  wrong: string[],
): Promise<string> {
  const { accident, ship, fleet, daemon } = scene;
  if (accident.status === undefined) {
    const others = fleet.ships.filter((one) => one !== ship);
    const own = await fleet.troubled();
    wrong.push(...own.filter((line) => !others.some((one) => line.startsWith(one.id))));
    return "unhurt";
  }
  const hurt = await eventually(() => reach(daemon, ship.id, accident.status as string), { timeoutMs: 1000 });
  if (accident.reason && !accident.reason.test(hurt.statusReason))
    wrong.push(`${ship.id} is said to have ended thus: ${hurt.statusReason}`);
  return `${hurt.status}: ${hurt.statusReason}`;
}

/** What no program can spare its sessions: afterwards each is told right, none is waiting, and one is taken up again. */
async function everythingKilled(daemon: RealDaemon, fleet: Fleet): Promise<BlastReport> {
  const started = performance.now();
  const wrong: string[] = [];
  const [ship, ...others] = fleet.ships as [Ship, ...Ship[]];
  ship.order("run kill -9 -1");
  await daemon.kill();
  await daemon.start();
  const ended = await Promise.all(fleet.ships.map(({ id }) => reach(daemon, id, "lost")));
  for (const { id, statusReason } of ended)
    if (!/nobody saw it end/.test(statusReason)) wrong.push(`${id}: ${statusReason}`);
  const { missedEvents } = await daemon.client.daemon.get();
  if (missedEvents < fleet.ships.length) wrong.push(`${missedEvents} missed events`);
  const { id } = others[0] ?? ship;
  await daemon.client.sessions.restore({ sessionId: id, environment: daemon.env });
  await reach(daemon, id, "idle");
  const said = `${ended.length} lost, ${id} restored`;
  return { accident: "kill -9 -1 from inside", wrong, said, seconds: (performance.now() - started) / 1000 };
}
