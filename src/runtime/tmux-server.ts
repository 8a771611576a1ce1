import { setTimeout as sleep } from "node:timers/promises";
import { sendSignal } from "../util/send-signal.ts";
import type { ProcessSource } from "./process-source.ts";
import { hostSource } from "./process-table.ts";
import { SERVER_NAME } from "./tmux-client.ts";

const GONE_DEADLINE_MS = 2000;
const POLL_MS = 10;

/**
 * Ends the server of a socket with SIGKILL, where one still runs, and waits until it is gone, at most 2 s. It is found by
 * its arguments, which are those of the client that started it: one that is stopped or whose socket was removed cannot
 * be asked.
 */
export async function killServer(socket: string, source: ProcessSource = hostSource()): Promise<void> {
  const servers = () => source.withArguments([SERVER_NAME, socket, "new-session"]);
  const deadline = performance.now() + GONE_DEADLINE_MS;
  for (let left = await servers(); left.length > 0; left = await servers()) {
    for (const pid of left) sendSignal(pid, "SIGKILL");
    if (performance.now() > deadline) return;
    await sleep(POLL_MS);
  }
}
