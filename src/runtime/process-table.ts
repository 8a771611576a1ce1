import { existsSync } from "node:fs";
import type { ProbeResult, ProcessIdentity, ProcessTable } from "../core/ports/runtime.ts";
import { killTree } from "./kill-tree.ts";
import { createProcSource } from "./proc-source.ts";
import type { ProcessSource } from "./process-source.ts";
import { createProcessTree } from "./process-tree.ts";
import { createPsSource } from "./ps-source.ts";

/** The host's process table: /proc where there is one, else `ps`. */
export function createProcessTable(source: ProcessSource = hostSource()): ProcessTable {
  const identify = async (pid: number): Promise<ProcessIdentity | undefined> => {
    const row = await source.row(pid);
    return row && { pid, startTicks: row.startTicks };
  };
  return {
    identify,
    probe: (identity) => probe(source, identity),
    bootId: () => source.bootId(),
    async findByTag(tag) {
      const tree = createProcessTree({ source, assignments: assignments(tag), roots: [], groups: false });
      return (await tree.scan()).map(({ pid, startTicks }) => ({ pid, startTicks }));
    },
    killTree: ({ tag, roots, graceMs, signal }) => {
      const tree = createProcessTree({ source, assignments: assignments(tag), roots, groups: true });
      return killTree({ source, tree, graceMs, signal });
    },
  };
}

function hostSource(): ProcessSource {
  return existsSync("/proc/self/stat") ? createProcSource() : createPsSource();
}

function assignments(tag: { sessionId: string; launchId?: string }): string[] {
  const session = `AO_SESSION_ID=${tag.sessionId}`;
  return tag.launchId === undefined ? [session] : [session, `AO_LAUNCH_ID=${tag.launchId}`];
}

async function probe(source: ProcessSource, identity: ProcessIdentity): Promise<ProbeResult> {
  try {
    const row = await source.row(identity.pid);
    return row && source.sameStart(row.startTicks, identity.startTicks) ? "alive" : "dead";
  } catch (error) {
    // The table's files or `ps` could not be read: that says nothing about the process.
    if ((error as NodeJS.ErrnoException).code !== undefined) return "unknown";
    throw error;
  }
}
