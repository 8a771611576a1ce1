import { AoError } from "../core/errors.ts";
import { pause } from "../util/pause.ts";
import type { AoClient, SentMessage } from "./client-types.ts";

/** Between two tries to reach a daemon that went away. */
const RETRY_MS = 500;
const GONE: ReadonlySet<string> = new Set(["DAEMON_STOPPING", "DAEMON_UNREACHABLE"]);

/**
 * Waits for a message that is in the outbox, also across restarts of the daemon: the request id finds it again.
 *
 * Throws why nothing was typed; undefined when `signal` aborts. `onGone` is called once when the daemon goes away.
 */
export async function waitForMessage(options: {
  client: AoClient;
  message: Parameters<AoClient["sessions"]["send"]>[0];
  signal: AbortSignal;
  onGone: () => void;
}): Promise<SentMessage | undefined> {
  const { client, message, signal } = options;
  const end = performance.now() + (message.waitTimeoutMs ?? 0);
  let told = false;
  for (;;) {
    try {
      return await client.sessions.send(message, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof AoError) || !GONE.has(error.reason) || performance.now() > end) throw error;
      if (!told) options.onGone();
      told = true;
      await pause(RETRY_MS, signal);
    }
  }
}
