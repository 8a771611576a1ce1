import type { Signal } from "../../core/signal.ts";
import type { WitnessedLaunch, WitnessSource } from "../witness-source.ts";
import { processIn, processOf } from "./agent-process.ts";
import { createCodexChildren } from "./codex-children.ts";
import { createCodexQuestions } from "./codex-questions.ts";
import { findOpenRollout, isRollout, threadIdOf } from "./codex-rollout-path.ts";
import { type CodexTurnEvent, codexTestimony, parseCodexTurn } from "./codex-turn.ts";
import { createLaunchRoutes, type LaunchWitness } from "./launch-routes.ts";
import { createLease } from "./lease.ts";
import { createLineTail, type LineTail } from "./line-tail.ts";
import { createLookout } from "./lookout.ts";
import { createPathWatch } from "./path-watch.ts";
import { isRunning } from "./process-identity.ts";
import type { WitnessDeps } from "./witness-deps.ts";
import { type Testimony, witnessSignal } from "./witness-signal.ts";

/** A codex at its first prompt has no rollout: asking its open files costs some 30 system calls, so ever less often. */
const MAX_SEARCH_MS = 30_000;

/**
 * The second witness of Codex: the turn events of its rollout file.
 *
 * Sees API errors, of which no hook tells, and a lost Stop or Interrupt. Blind to approvals: it speaks once when a
 * turn begins and once when it ends; in between it only confirms the lease, never that no dialog is open. Of subagents
 * it tells the end alone, out of their own rollouts; of questions that they are asked, and that they are over.
 */
export function createCodexWitness(deps: WitnessDeps): WitnessSource {
  return createLaunchRoutes((launch, emit) => {
    const say = (testimony: Testimony) => emit(witnessSignal(launch, testimony));
    return witnessLaunch({ launch, say, ...deps });
  });
}

interface CodexLaunch extends WitnessDeps {
  launch: WitnessedLaunch;
  say: (testimony: Testimony) => void;
}

function witnessLaunch({ launch, say, clock, log, pollMs, leaseMs }: CodexLaunch): LaunchWitness {
  let agent = processOf(launch);
  let hinted: { path: string; time: number } | undefined;
  let tail: LineTail<CodexTurnEvent> | undefined;
  let turnId: string | undefined;
  let search = { next: Number.NEGATIVE_INFINITY, every: pollMs };
  const lease = createLease(clock, leaseMs);
  const watch = createPathWatch(() => lookout.wake(), log);
  const questions = createCodexQuestions({ say, lookAfter: (ms) => lookout.wakeAfter(ms), clock });
  const children = createCodexChildren({ say, wake: () => lookout.wake(), log });
  const lookout = createLookout({ clock, log, pollMs, look });

  async function look(): Promise<void> {
    await lookAtRoot();
    await children.look();
    await questions.look();
  }

  async function lookAtRoot(): Promise<void> {
    const path = await currentPath();
    if (!path) return;
    if (tail?.path !== path) tail = createLineTail(path, parseCodexTurn);
    watch.follow(path);
    const whose = { nativeSessionId: threadIdOf(path), pid: agent?.pid };
    for (const event of await tail.read()) {
      if (take(event)) say(codexTestimony(event, whose));
    }
    if (lease.isDue() && agent && isRunning(agent)) say(lease.renew("codex", whose));
  }

  async function currentPath(): Promise<string | undefined> {
    if (hinted && (hinted.path === tail?.path || (await isRollout(hinted.path)))) return hinted.path;
    return (await searchOpenFiles()) ?? tail?.path;
  }

  async function searchOpenFiles(): Promise<string | undefined> {
    const now = clock.monotonic();
    if (!agent || now < search.next) return undefined;
    search = { next: now + search.every, every: Math.min(search.every * 2, MAX_SEARCH_MS) };
    return isRunning(agent) ? findOpenRollout(agent.pid) : undefined;
  }

  /** False for events of earlier launches, which stand in a resumed rollout, and late ones of an earlier turn. */
  function take(event: CodexTurnEvent): boolean {
    if (event.at < launch.launchTime) return false;
    if (event.kind === "started") {
      turnId = event.turnId;
      lease.begin(event.at);
      return true;
    }
    if (turnId !== undefined && turnId !== event.turnId) return false;
    lease.end();
    return true;
  }

  /** A cleared conversation's SessionEnd comes after its successor's SessionStart and names the old file. */
  function isPathHint({ kind, event, fields, observedTime }: Signal): boolean {
    if (kind !== "hook" || event === "SessionEnd" || fields.agentId) return false;
    return fields.transcriptPath !== undefined && observedTime >= (hinted?.time ?? 0);
  }

  return {
    hint(signal) {
      const started = processIn(signal);
      const asks = questions.hint(signal);
      if (started) {
        agent = started;
        search = { next: Number.NEGATIVE_INFINITY, every: pollMs };
      } else if (isPathHint(signal)) {
        hinted = { path: signal.fields.transcriptPath as string, time: signal.observedTime };
      } else if (!children.hint(signal) && !asks) return;
      lookout.wake();
    },
    stop() {
      lookout.stop();
      watch.close();
      children.close();
    },
  };
}
