import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LAUNCH_MANIFEST, type LaunchManifest } from "../../src/core/launch-manifest.ts";
import type { Signal } from "../../src/core/signal.ts";
import { createHarnesses } from "../../src/harness/registry.ts";
import { createLaunchManifests } from "../../src/shim/launch-manifests.ts";
import { createOomKills } from "../../src/shim/oom-kills.ts";
import { createOutbox } from "../../src/shim/outbox.ts";
import { createSignalReader } from "../../src/shim/signal-reader.ts";
import { createSpool } from "../../src/shim/spool.ts";
import { createWitnesses } from "../../src/shim/witness/witnesses.ts";
import { createWitnessDesk } from "../../src/shim/witness-desk.ts";
import { systemClock } from "../../src/util/clock.ts";
import { noFailPoint } from "../../src/util/fail-point.ts";
import { createHint } from "../../src/util/hint.ts";
import { silentLog } from "../../src/util/log.ts";
import { tempDir } from "../support/temp-dir.ts";
import type { TraceClock } from "./trace-clock.ts";
import type { AgentFile } from "./witness-lines.ts";

/** How long something written may take to come out as a signal; a loaded machine needs some of it. */
const COME_OUT_MS = 20_000;

/** The real shim from the spool's files to the window of signals, without the stream to the daemon. */
export interface ShimRig extends Disposable {
  /** Directory that stands for the recording's root directory. */
  readonly root: string;
  /**
   * Spools a file whose birth is `ts_ns` and returns what the shim makes of it, its signal among it; waits for the
   * witness too when it makes that speak.
   */
  spool(file: {
    event: string;
    text: string;
    ts_ns: number;
    pid: number;
    speaks?: boolean;
  }): Promise<Signal[]>;
  /** Writes, appends to, or removes a file of the agent; waits for the witness to speak of it when `speaks`. */
  write(file: AgentFile & { speaks: boolean }): Promise<Signal[]>;
  /** What has been said meanwhile. */
  take(): Signal[];
}

/** Starts the shim's parts for one launch in a temporary home. Timers that only confirm what is known are off. */
export function createShimRig(launch: {
  harness: string;
  clock: TraceClock;
  /** As the manifest's; paths below `{root}` have it in front. */
  witness: Readonly<Record<string, string>>;
}): ShimRig {
  const home = tempDir();
  const root = join(home.path, "root");
  const spoolDir = join(home.path, "spool");
  const sessionsDir = join(home.path, "sessions");
  const { clock } = launch;
  const manifest: LaunchManifest = {
    launchId: "l1",
    sessionId: "trace-1",
    harness: launch.harness,
    workspacePath: root,
    launchTime: clock.now() - 1000,
    witness: fillRoot(launch.witness, root),
  };
  writeManifest(sessionsDir, manifest);
  mkdirSync(spoolDir);

  const hint = createHint();
  const births = new Map<string, bigint>();
  const log = silentLog;
  const harnesses = createHarnesses();
  const manifests = createLaunchManifests({ sessionsDir, clock: systemClock(), log });
  const witnesses = createWitnesses({ clock, log, leaseMs: Number.POSITIVE_INFINITY });
  const desk = createWitnessDesk({ manifests, witnesses, log, onReady: hint.wake });
  const spool = createSpool({ dir: spoolDir, clock: systemClock(), log, onReady: hint.wake });
  const readSignal = createSignalReader({ manifests, harnesses, log, oomKills: createOomKills(() => []) });
  // A file's birth cannot be set; everything else about the file is as it was then.
  const read: typeof readSignal = ({ file, text }) =>
    readSignal({ file: { ...file, birthNs: births.get(file.name) ?? file.birthNs }, text });
  const outbox = createOutbox({ spool, read, desk, log, failPoint: noFailPoint, onRoom: hint.wake });

  function take(): Signal[] {
    const signals = outbox.next();
    for (const { launchId, id } of signals)
      outbox.acknowledge({ launchId, signalId: id, outcome: "recorded" });
    return signals;
  }

  async function takeUntil(
    isEach: readonly ((signal: Signal) => boolean)[],
    what: string,
  ): Promise<Signal[]> {
    const signal = AbortSignal.timeout(COME_OUT_MS);
    const taken = take();
    while (!isEach.every((isThere) => taken.some(isThere))) {
      if (signal.aborted) return unsaid(taken, what);
      await hint.wait(50, signal);
      taken.push(...take());
    }
    return taken;
  }

  let written = 0;
  return {
    root,
    take,
    spool({ event, text, ts_ns, pid, speaks = false }) {
      written += 1;
      const name = `l1.${pid}-${written}.${event}`;
      births.set(name, BigInt(Math.round(ts_ns)));
      writeFileSync(join(spoolDir, `.${name}`), text);
      renameSync(join(spoolDir, `.${name}`), join(spoolDir, name));
      const number = written;
      const isIt = (signal: Signal) => signal.id.endsWith(`-${pid}-${number}`);
      return takeUntil(speaks ? [isIt, isWitness] : [isIt], name);
    },
    async write({ path, text, append, gone, speaks }) {
      const file = join(root, path);
      if (gone) {
        rmSync(file);
        return take();
      }
      mkdirSync(dirname(file), { recursive: true });
      if (append) appendFileSync(file, text);
      else writeFileSync(file, text);
      // Some witnesses go by when a file was written.
      utimesSync(file, clock.now() / 1000, clock.now() / 1000);
      return speaks ? takeUntil([isWitness], path) : take();
    },
    [Symbol.dispose]() {
      spool.close();
      desk.close();
      home[Symbol.dispose]();
    },
  };
}

/** A recording that was made elsewhere may hold what no witness speaks of: it is scored without that word. */
function unsaid(taken: Signal[], what: string): Signal[] {
  process.stderr.write(`the shim said nothing of ${what}\n`);
  return taken;
}

function isWitness({ kind }: Signal): boolean {
  return kind === "witness";
}

function fillRoot(witness: Readonly<Record<string, string>>, root: string): Record<string, string> {
  return Object.fromEntries(Object.entries(witness).map(([key, path]) => [key, join(root, path)]));
}

function writeManifest(sessionsDir: string, manifest: LaunchManifest): void {
  const dir = join(sessionsDir, manifest.sessionId, manifest.launchId);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, LAUNCH_MANIFEST), JSON.stringify(manifest));
}
