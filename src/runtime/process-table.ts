import { existsSync } from "node:fs";
import type { ProcessIdentity, ProcessLook, ProcessTable } from "../core/ports/runtime.ts";
import { killTree } from "./kill-tree.ts";
import { createProcSource } from "./proc-source.ts";
import type { ProcessRow, ProcessSource } from "./process-source.ts";
import { createProcessTree, type Member, type ProcessTree } from "./process-tree.ts";
import { createPsSource } from "./ps-source.ts";
import { hearTerminal } from "./terminal-output.ts";

/**
 * The host's process table: /proc where there is one, else `ps`.
 *
 * `scope` names variables that tagged processes must carry besides: session ids are only unique within one AO_HOME,
 * and `killTree` must not end a session of the same name in another.
 */
export function createProcessTable(
  options: { source?: ProcessSource; scope?: Readonly<Record<string, string>> } = {},
): ProcessTable {
  const { source = hostSource(), scope = {} } = options;
  const scoped = Object.entries(scope).map(([name, value]) => `${name}=${value}`);
  const treeOf = (tag: Tag, roots: readonly ProcessIdentity[], groups: boolean) =>
    createProcessTree({ source, assignments: [...scoped, ...assignments(tag)], roots, groups });
  const identify = async (pid: number): Promise<ProcessIdentity | undefined> => {
    const row = await source.row(pid);
    return row && { pid, startTicks: row.startTicks };
  };
  return {
    identify,
    async probe(identity) {
      const seen = await look(source, identity);
      return seen === "stopped" ? "alive" : seen;
    },
    look: (identity) => look(source, identity),
    lookAll: (identities) => lookAll(source, identities),
    bootId: () => source.bootId(),
    hearTerminal,
    foreground: (pid) => foreground(source, pid),
    async findByTag(tag) {
      const members = await treeOf(tag, [], false).scan();
      return members.map(({ pid, startTicks }) => ({ pid, startTicks }));
    },
    killTree({ tag, roots, graceMs, signal, only }) {
      const whole = treeOf(tag, roots, only === undefined);
      const tree = only ? membersOnly(whole, async ({ pid }) => only(await source.argv(pid))) : whole;
      return killTree({ source, tree, graceMs, signal });
    },
  };
}

/** The members of a tree that are wanted; the others are spared. */
function membersOnly(tree: ProcessTree, isWanted: (member: Member) => Promise<boolean>): ProcessTree {
  return {
    strike: async () => [],
    async scan() {
      const members = await tree.scan();
      const wanted = await Promise.all(members.map(isWanted));
      return members.filter((_member, index) => wanted[index]);
    },
  };
}

interface Tag {
  sessionId: string;
  launchId?: string;
}

/** Where this host tells of its processes. */
export function hostSource(): ProcessSource {
  return existsSync("/proc/self/stat") ? createProcSource() : createPsSource();
}

function assignments(tag: Tag): string[] {
  const session = `AO_SESSION_ID=${tag.sessionId}`;
  return tag.launchId === undefined ? [session] : [session, `AO_LAUNCH_ID=${tag.launchId}`];
}

async function foreground(source: ProcessSource, pid: number): Promise<readonly string[] | undefined> {
  try {
    const group = await source.foregroundGroup(pid);
    const argv = group === undefined ? [] : await source.argv(group);
    return argv.length > 0 ? argv : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

async function look(source: ProcessSource, identity: ProcessIdentity): Promise<ProcessLook> {
  try {
    return judge(source, identity, await source.row(identity.pid));
  } catch (error) {
    // The table's files or `ps` could not be read: that says nothing about the process.
    if ((error as NodeJS.ErrnoException).code !== undefined) return "unknown";
    throw error;
  }
}

async function lookAll(
  source: ProcessSource,
  identities: readonly ProcessIdentity[],
): Promise<ProcessLook[]> {
  try {
    const rows = new Map(
      (await source.rowsOf(identities.map(({ pid }) => pid))).map((row) => [row.pid, row]),
    );
    return identities.map((identity) => judge(source, identity, rows.get(identity.pid)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    // One that cannot be read must not hide the others.
    return Promise.all(identities.map((identity) => look(source, identity)));
  }
}

function judge(source: ProcessSource, { startTicks }: ProcessIdentity, row?: ProcessRow): ProcessLook {
  if (!row || !source.sameStart(row.startTicks, startTicks)) return "dead";
  return row.stopped ? "stopped" : "alive";
}
