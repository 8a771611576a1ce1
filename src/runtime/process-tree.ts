import { basename } from "node:path";
import type { ProcessIdentity } from "../core/ports/runtime.ts";
import type { ProcessRow, ProcessSource } from "./process-source.ts";

/** A session's processes, found again and again while they come and go. */
export interface ProcessTree {
  /** Members that live now. */
  scan(): Promise<Member[]>;
  /** Kills on sight for a moment what is born and gone between two scans; returns whom it met. */
  strike(): Promise<number[]>;
}

/** One process of the tree. */
export interface Member extends ProcessRow {
  /** It is `ao-run`, which ends by itself when the agent has, and must live to write the exit record. */
  launcher: boolean;
}

/**
 * A tree grown from the processes that carry the tags and from `roots`: all their descendants, and with a group's or
 * session's leader everybody in it.
 *
 * Once a member, always a member: a child whose parent ended is known from an earlier scan. This process itself and
 * pid 1 never belong.
 */
export function createProcessTree(options: {
  source: ProcessSource;
  assignments: readonly string[];
  roots: readonly ProcessIdentity[];
  /** Follow groups and sessions too. */
  groups: boolean;
}): ProcessTree {
  const { source } = options;
  const known = new Map(options.roots.map((root) => [root.pid, root.startTicks]));
  const leaders = new Set<number>();
  const isKnown = (row: ProcessRow) => {
    const start = known.get(row.pid);
    return start !== undefined && source.sameStart(start, row.startTicks);
  };
  return {
    strike: async () => (await source.strike?.(options.assignments, isLauncher)) ?? [],
    async scan() {
      const rows = (await source.rows()).filter((row) => row.pid !== process.pid && row.pid > 1);
      const tagged = await source.tagged(
        rows.map((row) => row.pid),
        options.assignments,
      );
      const seeds = rows.filter((row) => tagged.has(row.pid) || isKnown(row));
      const members = grow({ rows, seeds, leaders: options.groups ? leaders : undefined });
      for (const member of members) known.set(member.pid, member.startTicks);
      return Promise.all(
        members.map(async (row) => ({ ...row, launcher: isLauncher(await source.argv(row.pid)) })),
      );
    },
  };
}

/** Adds children (and followers of leaders) until nothing more comes. */
function grow(options: {
  rows: readonly ProcessRow[];
  seeds: readonly ProcessRow[];
  leaders: Set<number> | undefined;
}): ProcessRow[] {
  const { rows, leaders } = options;
  const members = new Map<number, ProcessRow>();
  const add = (row: ProcessRow) => {
    members.set(row.pid, row);
    if (row.group === row.pid || row.session === row.pid) leaders?.add(row.pid);
  };
  const belongs = (row: ProcessRow) =>
    members.has(row.parent) || leaders?.has(row.group) || leaders?.has(row.session);
  options.seeds.forEach(add);
  for (let size = -1; size !== members.size; ) {
    size = members.size;
    for (const row of rows) if (!members.has(row.pid) && belongs(row)) add(row);
  }
  return [...members.values()];
}

/** `sh …/ao-run DIR`, or its leader `sh -c SCRIPT …/ao-run DIR`; with --agent it is the agent, about to be executed. */
function isLauncher(argv: readonly string[]): boolean {
  return argv.slice(0, 4).some((word) => basename(word) === "ao-run") && !argv.includes("--agent");
}
