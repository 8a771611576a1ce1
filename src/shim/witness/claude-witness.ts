import { join } from "node:path";
import type { Signal } from "../../core/signal.ts";
import type { WitnessedLaunch, WitnessSource } from "../witness-source.ts";
import { processIn, processOf } from "./agent-process.ts";
import { type ClaudeStatus, claudeTestimony, isStatusOf } from "./claude-status.ts";
import { createClaudeStatusFile, findClaudeProcess } from "./claude-status-file.ts";
import { createDirectoryWatches, type DirectoryWatches } from "./directory-watches.ts";
import { createLaunchRoutes, type LaunchWitness } from "./launch-routes.ts";
import { createLease } from "./lease.ts";
import { createLookout } from "./lookout.ts";
import { isRunning, type ProcessIdentity } from "./process-identity.ts";
import type { WitnessDeps } from "./witness-deps.ts";
import { type Testimony, witnessSignal } from "./witness-signal.ts";

/** A torn file is whole again within a millisecond (seen), but the event that says so may get lost. */
const TORN_RETRY_MS = 20;
const MAX_TORN_RETRIES = 5;

/**
 * The second witness of Claude Code: its own status file, `<configDir>/sessions/<pid>.json`.
 *
 * Sees what no hook tells: approval, denial, Esc, a lost Stop. `manifest.witness.configDir` says where.
 */
export function createClaudeWitness(deps: WitnessDeps): WitnessSource {
  const watches = createDirectoryWatches(deps);
  return createLaunchRoutes((launch, emit) => {
    const { configDir } = launch.witness;
    if (!configDir) {
      deps.log.warn({ launch: launch.launchId }, "no config directory is known: no second witness");
      return undefined;
    }
    const say = (testimony: Testimony) => emit(witnessSignal(launch, testimony));
    return witnessLaunch({ launch, say, watches, dir: join(configDir, "sessions"), ...deps });
  });
}

interface ClaudeLaunch extends WitnessDeps {
  launch: WitnessedLaunch;
  say: (testimony: Testimony) => void;
  watches: DirectoryWatches;
  dir: string;
}

function witnessLaunch({
  launch,
  say,
  watches,
  dir,
  clock,
  log,
  pollMs,
  leaseMs,
}: ClaudeLaunch): LaunchWitness {
  let agent = agentAt(processOf(launch));
  let conversation: string | undefined;
  let tornRetries = 0;
  let told = "";
  const lease = createLease(clock, leaseMs);
  const watch = watches.join(dir, (name) => {
    if (!name || name === agent?.fileName) lookout.wake();
  });
  const lookout = createLookout({ clock, log, pollMs, look });

  function agentAt(identity: ProcessIdentity | undefined) {
    if (!identity) return undefined;
    const fileName = `${identity.pid}.json`;
    return { identity, fileName, file: createClaudeStatusFile(join(dir, fileName), clock) };
  }

  async function look(): Promise<void> {
    watch.follow();
    const who = agent;
    const reading = who ? await who.file.read({ always: lease.isDue() }) : { kind: "absent" as const };
    switch (reading.kind) {
      case "absent":
        return adopt();
      case "torn":
        if (tornRetries++ < MAX_TORN_RETRIES) lookout.wakeAfter(TORN_RETRY_MS);
        return;
      case "status":
        tornRetries = 0;
        if (who && isStatusOf(reading.status, who.identity, launch.launchTime))
          take(reading.status, who.identity);
        return;
      case "nothing":
      case "unchanged":
    }
  }

  function take(status: ClaudeStatus, who: ProcessIdentity): void {
    const testimony = claudeTestimony(status);
    if (testimony.id !== told) {
      told = testimony.id;
      if (status.status === "busy") lease.begin(testimony.at);
      else lease.end();
      say(testimony);
    }
    if (lease.isDue() && isRunning(who)) say(lease.renew("claude", testimony.fields));
  }

  /**
   * Where the launcher's pid is a wrapper's (a user's script that does not exec), the agent is found by the
   * conversation its hooks named.
   */
  async function adopt(): Promise<void> {
    if (conversation === undefined || told) return;
    const wanted = { sessionId: conversation, launchTime: launch.launchTime };
    conversation = undefined;
    const found = await findClaudeProcess(dir, wanted);
    if (!found) return;
    log.info({ launch: launch.launchId, pid: found.pid }, "the agent is not the process that was started");
    agent = agentAt(found);
    lookout.wake();
  }

  return {
    hint(signal: Signal) {
      const started = processIn(signal);
      const { agentId, nativeSessionId } = signal.fields;
      if (started) agent = agentAt(started);
      else if (signal.kind === "hook" && !agentId && !told) conversation = nativeSessionId ?? conversation;
      else return;
      lookout.wake();
    },
    stop() {
      lookout.stop();
      watch.close();
    },
  };
}
