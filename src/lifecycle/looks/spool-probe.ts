import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { REJECTED_DIR } from "../../core/launch-manifest.ts";
import { namesIn } from "../../util/absent.ts";

/** What lies in the spool. */
export interface SpoolState {
  /** Files that wait for the shim. */
  waiting: number;
  /** Files the shim put aside because they are no signals. */
  putAside: number;
  /** Why the directory cannot be read. */
  problem?: string;
}

/** Looks into the spool beside the shim. */
export interface SpoolProbe {
  /** True while it holds records of a launch. A missing spool holds none; one that cannot be read is an error. */
  has(launchId: string): Promise<boolean>;
  /** Never fails for what is wrong with the directory. */
  inspect(): Promise<SpoolState>;
}

export function createSpoolProbe(spoolDir: string): SpoolProbe {
  return {
    has: async (launchId) => (await namesIn(spoolDir)).some((name) => name.startsWith(`${launchId}.`)),
    async inspect() {
      try {
        const [names, rejected] = await Promise.all([
          listDir(spoolDir),
          namesIn(join(spoolDir, REJECTED_DIR)),
        ]);
        return { waiting: names.filter((name) => !name.startsWith(".")).length, putAside: rejected.length };
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === undefined) throw error;
        return { waiting: 0, putAside: 0, problem: message };
      }
    },
  };
}

async function listDir(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
