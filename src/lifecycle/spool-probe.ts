import { readdir } from "node:fs/promises";

/** Tells whether the spool still holds records of a launch. A missing spool holds none. */
export function createSpoolProbe(spoolDir: string) {
  const names = async (): Promise<string[]> => {
    try {
      return await readdir(spoolDir);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  };
  return {
    has: async (launchId: string): Promise<boolean> =>
      (await names()).some((name) => name.startsWith(`${launchId}.`)),
    count: async (): Promise<number> => (await names()).filter((name) => !name.startsWith(".")).length,
  };
}
