import type { ProcessSource } from "./process-source.ts";
import { hostSource } from "./process-table.ts";
import { SERVER_NAME } from "./tmux-client.ts";

/**
 * Ends the server of a socket with SIGKILL, where one still runs: found by its arguments, which are those of the client
 * that started it, because one that is stopped or whose socket was removed cannot be asked.
 */
export async function killServer(socket: string, source: ProcessSource = hostSource()): Promise<void> {
  for (const pid of await source.withArguments([SERVER_NAME, socket, "new-session"])) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
