import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessSource } from "./process-source.ts";
import type { Member, ProcessTree } from "./process-tree.ts";

const SCAN_EVERY_MS = 40;
/** How long a launcher whose agent is gone may take to write the exit record: it tries three times, a second apart. */
const RECORD_MS = 4000;
/** How long processes may take to vanish after SIGKILL (uninterruptible I/O). */
const VANISH_MS = 5000;
/** Age before a launcher's later child gets SIGKILL: its rename of the exit record takes milliseconds. */
const RENAME_MS = 500;

/** Ends every process of the tree; returns the pids that would not die within 5 s of SIGKILL. */
export async function killTree(options: {
  source: ProcessSource;
  tree: ProcessTree;
  graceMs: number;
  signal?: AbortSignal;
}): Promise<number[]> {
  const { tree, signal } = options;
  const round = createRound(options);
  for (;;) {
    signal?.throwIfAborted();
    const members = await tree.scan();
    // A scan can miss who is born and gone within milliseconds: the end is verified by a look that is quicker.
    const met = members.length === 0 ? await tree.strike() : [];
    if (members.length === 0 && met.length === 0) return [];
    const { giveUp, isElusive } = await round(members);
    if (giveUp) return [...met, ...members.map((member) => member.pid)];
    if (isElusive) await tree.strike();
    await sleep(SCAN_EVERY_MS, undefined, { signal });
  }
}

/** Makes the step repeated after each scan: sends what is due and tells whether to give up. */
function createRound(options: { source: ProcessSource; graceMs: number }) {
  const { source, graceMs } = options;
  const start = performance.now();
  const firstSeen = new Map<string, number>();
  let aloneSince: number | undefined;
  return async (members: readonly Member[]): Promise<{ giveUp: boolean; isElusive: boolean }> => {
    const known = firstSeen.size;
    const now = firstSeen.size === 0 && members.length > 0 ? start : performance.now();
    const launchers = members.filter((member) => member.launcher);
    const launcherPids = new Set(launchers.map((member) => member.pid));
    const others = members.filter((member) => !member.launcher);
    for (const member of others) {
      const key = `${member.pid} ${member.startTicks}`;
      const since = firstSeen.get(key);
      const renames = launcherPids.has(member.parent) && isYoung(since ?? now, now);
      if (now - start >= graceMs && !renames) await send(source, member, "SIGKILL");
      else if (since === undefined) await terminate(source, member);
      firstSeen.set(key, since ?? now);
    }
    aloneSince = others.length === 0 ? (aloneSince ?? now) : undefined;
    const overdue = aloneSince !== undefined && now - aloneSince >= RECORD_MS;
    for (const launcher of launchers) await send(source, launcher, overdue ? "SIGKILL" : "SIGCONT");
    return {
      giveUp: now - start >= graceMs + RECORD_MS + VANISH_MS,
      isElusive: known > 0 && firstSeen.size > known && now - start >= graceMs,
    };
  };

  function isYoung(since: number, now: number): boolean {
    return since > start && now - since < RENAME_MS;
  }
}

/** Asks to end; a stopped process could not hear it. */
async function terminate(source: ProcessSource, member: Member): Promise<void> {
  await send(source, member, "SIGTERM");
  if (member.stopped) await send(source, member, "SIGCONT");
}

/** Sends a signal to exactly this process: the pid is checked against its start time right before. */
async function send(source: ProcessSource, member: Member, signal: NodeJS.Signals): Promise<void> {
  const row = await source.row(member.pid);
  if (!row || !source.sameStart(row.startTicks, member.startTicks)) return;
  try {
    process.kill(member.pid, signal);
  } catch (error) {
    // EPERM: somebody else's; it is still there at the end and named then.
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
