import { join } from "node:path";
import { Worker } from "node:worker_threads";

/**
 * What is wrong with the database at `path`, at most 20 lines; empty when it is sound.
 *
 * Reads all of it, a second for every half GB, in a thread and through a connection of its own: nobody waits for it.
 */
export async function checkIntegrity(path: string): Promise<string[]> {
  const worker = new Worker(join(import.meta.dirname, "integrity-worker.ts"), {
    workerData: { path },
    // Node 22 reads TypeScript only when told; newer ones take no notice.
    execArgv: ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"],
  });
  try {
    return await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`the integrity check ended with ${code}`)));
    });
  } finally {
    await worker.terminate();
  }
}
