import type { Signal } from "../../core/signal.ts";
import type { Log } from "../../util/log.ts";
import { isRollout, threadIdOf } from "./codex-rollout-path.ts";
import { type CodexTurnEvent, codexChildTestimony, parseCodexTurn } from "./codex-turn.ts";
import { createLineTail, type LineTail } from "./line-tail.ts";
import { createPathWatch, type PathWatch } from "./path-watch.ts";
import type { Testimony } from "./witness-signal.ts";

/** The rollouts of subagents that run, as the hooks of their own turns name them. */
export interface CodexChildren {
  /** Takes note of a hook; true when it was a subagent's and names its rollout. */
  hint(signal: Signal): boolean;
  /** Says of each turn that ended that it did, and leaves its rollout. */
  look(): Promise<void>;
  close(): void;
}

/** Each costs a system call a second while it runs; codex itself allows fewer at a time. */
const MAX_CHILDREN = 32;

interface Child {
  agentId: string;
  /** Ends before the hook that named the rollout are of earlier turns. */
  since: number;
  tail: LineTail<CodexTurnEvent>;
  watch: PathWatch;
}

/**
 * Follows the rollouts of codex's subagents for what no hook tells of them: Esc at a subagent's dialog, or in its turn,
 * after the root's turn is over (seen with 0.169.0: no Interrupt, no SubagentStop, `turn_aborted` in its rollout at once).
 */
export function createCodexChildren(given: {
  say(testimony: Testimony): void;
  wake(): void;
  log: Log;
}): CodexChildren {
  const { say, wake, log } = given;
  const children = new Map<string, Child>();

  function leave({ agentId, watch }: Child): void {
    watch.close();
    children.delete(agentId);
  }

  function follow(agentId: string, path: string, since: number): void {
    const [oldest] = children.values();
    if (oldest && children.size >= MAX_CHILDREN) leave(oldest);
    const watch = createPathWatch(wake, log);
    children.set(agentId, { agentId, since, tail: createLineTail(path, parseCodexTurn), watch });
  }

  async function lookAt(child: Child): Promise<void> {
    const { agentId, since, tail, watch } = child;
    if (!(await isRollout(tail.path))) return;
    watch.follow(tail.path);
    const ends = (await tail.read()).filter(({ kind, at }) => kind !== "started" && at >= since);
    for (const end of ends) say(codexChildTestimony(end, agentId));
    if (ends.length > 0) leave(child);
  }

  return {
    hint({ kind, event, fields, observedTime }) {
      const { agentId, transcriptPath } = fields;
      if (kind !== "hook" || !agentId || transcriptPath === undefined) return false;
      // Its SubagentStop names the root's.
      if (event === "SubagentStop" || threadIdOf(transcriptPath) !== agentId) return false;
      if (!children.has(agentId)) follow(agentId, transcriptPath, observedTime);
      return true;
    },
    async look() {
      for (const child of [...children.values()]) await lookAt(child);
    },
    close() {
      for (const child of [...children.values()]) leave(child);
    },
  };
}
