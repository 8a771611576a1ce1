import { cpus, loadavg, platform, release } from "node:os";

/** What figures can only be read with. */
export interface Machine {
  cpus: number;
  cpu: string;
  system: string;
  node: string;
  /** Load average of the last minute, before and after: above the number of CPUs the figures are those of a crowd. */
  load: { before: number; after?: number };
}

/** Looks at the machine before a run. */
export function describeMachine(): Machine {
  const all = cpus();
  return {
    cpus: all.length,
    cpu: all[0]?.model.trim() ?? "",
    system: `${platform()} ${release().replace(/-.*/, "")}`,
    node: process.version,
    load: { before: loadOfMinute() },
  };
}

/** Load average of the last minute. */
export function loadOfMinute(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

/** One line about it. */
export function machineLine({ cpus: count, system, node, load }: Machine): string {
  const after = load.after === undefined ? "" : `, ${load.after} after`;
  return `${count} CPUs, ${system}, Node ${node}; load ${load.before} before${after}`;
}
