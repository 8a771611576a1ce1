import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type LaunchManifest, PROCESS_EVENTS } from "../core/launch-manifest.ts";
import { type Signal, WITNESS_LEASE } from "../core/signal.ts";
import { isAbsent } from "../util/absent.ts";
import type { Log } from "../util/log.ts";
import type { LaunchManifests } from "./launch-manifests.ts";
import { isRunning, type ProcessIdentity } from "./witness/process-identity.ts";
import type { WitnessSource } from "./witness-source.ts";

/** Witness sources by harness id. */
export type Witnesses = Readonly<Record<string, WitnessSource>>;

/** Starts and stops the second witness of each launch and keeps what they say until it is sent. */
export interface WitnessDesk {
  /** Looks at a signal on its way: the agent's start begins a witness, its end ends it, the others are hints to it. */
  onSignal(signal: Signal): void;
  /** The daemon has moved on to another launch. */
  onStale(launchId: string): void;
  /** Starts the witnesses of launches that a shim before this one has seen start and that still live. */
  resume(): void;
  /** Ends the witnesses of agents that are gone without an exit record: their launcher was killed too. */
  sweep(): void;
  /** Takes up to `count` signals, those of one launch in the order they were told. */
  take(count: number): Signal[];
  close(): void;
}

/**
 * Name of the shim's own note in a launch's directory: the agent's process, there while its witness runs. The spooled
 * record of the start is gone once it is delivered, so a shim that starts anew has only this to go by.
 */
export const WITNESS_NOTE = "witness.json";
/** Testimonies kept for a launch while the daemon is away; the oldest give way, for the newest says how it stands. */
export const KEPT_TESTIMONIES = 16;

export function createWitnessDesk(deps: {
  manifests: LaunchManifests;
  witnesses: Witnesses;
  log: Log;
  onReady: () => void;
}): WitnessDesk {
  const { manifests, witnesses, log } = deps;
  const running = new Map<string, { source: WitnessSource; stop: () => void; agent: ProcessIdentity }>();
  const unsent = new Map<string, Signal[]>();

  const start = (manifest: LaunchManifest, agent: ProcessIdentity) => {
    const source = witnesses[manifest.harness];
    if (!source || running.has(manifest.launchId)) return;
    const launch = { ...manifest, pid: agent.pid, pidStartTicks: agent.startTicks };
    const stop = source.start(launch, (signal) => {
      unsent.set(manifest.launchId, keep(unsent.get(manifest.launchId) ?? [], signal));
      deps.onReady();
    });
    running.set(manifest.launchId, { source, stop, agent });
  };
  const stop = (launchId: string) => {
    running.get(launchId)?.stop();
    if (!running.delete(launchId)) return;
    unsent.delete(launchId);
    const manifest = manifests.find(launchId);
    if (manifest) rmSync(join(manifests.dirOf(manifest), WITNESS_NOTE), { force: true });
  };
  const begin = ({ launchId, fields }: Signal) => {
    const manifest = manifests.find(launchId);
    if (!manifest || !witnesses[manifest.harness] || fields.pid === undefined) return;
    const agent = { pid: fields.pid, startTicks: fields.pidStartTicks };
    writeNote(join(manifests.dirOf(manifest), WITNESS_NOTE), agent, log);
    start(manifest, agent);
  };

  return {
    onSignal(signal) {
      if (signal.kind === "process" && signal.event === PROCESS_EVENTS.exited) return stop(signal.launchId);
      if (signal.kind === "process") begin(signal);
      running.get(signal.launchId)?.source.hint?.(signal);
    },
    onStale: stop,
    resume() {
      for (const { launchId, dir } of manifests.directories()) {
        const agent = readNote(join(dir, WITNESS_NOTE));
        if (!agent) continue;
        const manifest = isRunning(agent) ? manifests.find(launchId) : undefined;
        if (manifest) start(manifest, agent);
        else rmSync(join(dir, WITNESS_NOTE), { force: true });
      }
    },
    sweep() {
      for (const [launchId, { agent }] of running) if (!isRunning(agent)) stop(launchId);
    },
    take(count) {
      const taken: Signal[] = [];
      for (const [launchId, signals] of unsent) {
        if (taken.length >= count) break;
        taken.push(...signals.splice(0, count - taken.length));
        if (signals.length === 0) unsent.delete(launchId);
      }
      return taken;
    },
    close() {
      for (const witness of running.values()) witness.stop();
      running.clear();
      unsent.clear();
    },
  };
}

/** A confirmation takes the place of an unsent one: while the daemon is away they must not push out what says more. */
function keep(unsent: readonly Signal[], signal: Signal): Signal[] {
  const others = isLease(signal) ? unsent.filter((one) => !isLease(one)) : unsent;
  return [...others, signal].slice(-KEPT_TESTIMONIES);
}

function isLease({ fields }: Signal): boolean {
  return fields.type === WITNESS_LEASE;
}

function writeNote(path: string, note: ProcessIdentity, log: Log): void {
  try {
    writeFileSync(path, JSON.stringify(note), { mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    log.warn({ code, path }, "the witness of this launch will not outlive the shim");
  }
}

/** A note that cannot be read names a process that never lives, so that it is removed. */
function readNote(path: string): ProcessIdentity | undefined {
  try {
    const note = JSON.parse(readFileSync(path, "utf8"));
    return Number.isInteger(note?.pid) && note.pid > 0 ? note : { pid: 0x7fffffff };
  } catch (error) {
    if (error instanceof SyntaxError) return { pid: 0x7fffffff };
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
