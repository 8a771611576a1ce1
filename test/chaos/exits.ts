import type { RuntimeKind } from "../../src/core/session.ts";
import { createRandom } from "../../src/util/fail-point.ts";
import type { SessionInfo } from "../../src/wire/session-info.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { readLog } from "./rig/audit.ts";
import { type Deaths, noDeaths, startBreaker } from "./rig/breaker.ts";
import { ENDS, type End, misjudged } from "./rig/ends.ts";
import { createExitAgents, type ExitAgent, type ExitAgents, listWhen } from "./rig/exit-agents.ts";

/** What the daemon does while agents end. */
const MODES = ["up", "down", "dying"] as const;
type Mode = (typeof MODES)[number];

export interface ExitsOptions {
  seed: number;
  /** Exits of each kind; a tenth of them where a terminal is needed. */
  each: number;
  /** Agents alive together. */
  together: number;
  deadlineMs: number;
  /** Called after each wave. */
  onProgress?: (done: number, all: number, wrong: number) => void;
}

export interface ExitsResult {
  right: Record<string, number>;
  /** How many of each kind there were. */
  expected: Record<string, number>;
  /** Up to 20 descriptions. */
  wrong: string[];
  deaths: Deaths;
  seconds: number;
}

interface Wave {
  mode: Mode;
  runtime: RuntimeKind;
  ends: readonly End[];
}

/** Ends agents in every way while the daemon is up, down, and dies together with the shim, and reads what was recorded. */
export async function runExits(options: ExitsOptions): Promise<ExitsResult> {
  const random = createRandom(options.seed);
  const waves = planWaves(options, random);
  const result: ExitsResult = {
    right: Object.fromEntries(ENDS.map(({ name }) => [name, 0])),
    expected: Object.fromEntries(ENDS.map(({ name }) => [name, 0])),
    wrong: [],
    deaths: noDeaths(),
    seconds: 0,
  };
  const started = performance.now();
  const daemon = await createRealDaemon();
  try {
    const agents = { process: createExitAgents(daemon, "process"), tmux: createExitAgents(daemon, "tmux") };
    const all = waves.reduce((sum, { ends }) => sum + ends.length, 0);
    let done = 0;
    for (const wave of waves) {
      await endWave({ ...options, daemon, random, wave, result, agents: agents[wave.runtime] });
      done += wave.ends.length;
      options.onProgress?.(done, all, result.wrong.length);
    }
    return { ...result, seconds: (performance.now() - started) / 1000 };
  } finally {
    await daemon.close();
  }
}

/** Every kind in every mode it can have, kinds mixed. */
function planWaves({ each, together }: ExitsOptions, random: () => number): Wave[] {
  const waves: Wave[] = [];
  for (const runtime of ["process", "tmux"] as const) {
    const kinds = ENDS.filter((end) => (runtime === "tmux") === (end.terminal === true));
    for (const mode of MODES) {
      const ends = kinds.flatMap((end) => Array.from({ length: countOf(end, mode, each) }, () => end));
      const mixed = shuffle(ends, random);
      for (let at = 0; at < mixed.length; at += together)
        waves.push({ mode, runtime, ends: mixed.slice(at, at + together) });
    }
  }
  return waves;
}

/** A third in each mode; what is asked of the daemon cannot be while it is down. */
function countOf(end: End, mode: Mode, each: number): number {
  const all = end.terminal ? Math.ceil(each / 10) : each;
  const modes = MODES.filter((one) => !(end.asked && one === "down"));
  const place = modes.indexOf(mode);
  return place < 0 ? 0 : Math.floor(all / modes.length) + (place < all % modes.length ? 1 : 0);
}

interface WaveRun extends ExitsOptions {
  daemon: RealDaemon;
  random: () => number;
  wave: Wave;
  result: ExitsResult;
  agents: ExitAgents;
}

/** Starts agents in peace, ends them as the mode says, compares in peace. */
async function endWave({ daemon, random, wave, result, agents, deadlineMs }: WaveRun): Promise<void> {
  const started = await agents.start(wave.ends.length);
  const endAll = () =>
    Promise.all(
      started.map(async (agent, index) => {
        // Spread over the time in which a dying daemon dies a few times.
        await new Promise((resolve) => setTimeout(resolve, random() * (wave.mode === "dying" ? 4000 : 500)));
        await (wave.ends[index] as End).bring(agent, daemon);
      }),
    );
  addDeaths(result.deaths, await endInMode(wave.mode, { daemon, random, endAll }));
  const launchIds = started.map(({ launchId }) => launchId);
  // An end on request may be told by the empty tree alone until the launcher's record comes through a shim that died.
  const over = ({ process: { state, exit } }: SessionInfo) =>
    state === "lost" || (state === "exited" && (exit?.code !== undefined || exit?.signal !== ""));
  const ended = await listWhen(daemon, launchIds, over, deadlineMs);
  for (const [index, agent] of started.entries()) {
    const end = wave.ends[index] as End;
    const session = ended.get(agent.launchId);
    const problem = session ? (misjudged(session, end) ?? (await miscounted(daemon, agent, end))) : "gone";
    result.expected[end.name] = (result.expected[end.name] ?? 0) + 1;
    if (problem === undefined) result.right[end.name] = (result.right[end.name] ?? 0) + 1;
    else if (result.wrong.length < 20)
      result.wrong.push(`${agent.sessionId}, ${end.name}, daemon ${wave.mode}: ${problem}`);
  }
}

async function endInMode(
  mode: Mode,
  { daemon, random, endAll }: { daemon: RealDaemon; random: () => number; endAll: () => Promise<unknown> },
): Promise<Deaths> {
  switch (mode) {
    case "up":
      await endAll();
      return noDeaths();
    case "down":
      await daemon.kill();
      await endAll();
      await daemon.start();
      return { ...noDeaths(), daemon: 1 };
    case "dying": {
      const breaker = startBreaker({ daemon, random, calmMs: 800 });
      try {
        await endAll();
      } finally {
        await breaker.stop();
      }
      return breaker.deaths;
    }
  }
}

async function miscounted(daemon: RealDaemon, agent: ExitAgent, end: End): Promise<string | undefined> {
  const rows = await readLog(daemon.client, agent);
  const count = rows.filter(({ signal }) => signal.event === "ao-process-exited").length;
  return count === end.records ? undefined : `${count} exits in the log`;
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function addDeaths(total: Deaths, more: Deaths): void {
  total.daemon += more.daemon;
  total.shim += more.shim;
  for (const [name, count] of Object.entries(more.atPoint))
    total.atPoint[name as keyof Deaths["atPoint"]] += count;
}
