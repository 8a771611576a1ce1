import type { Clock } from "../../core/ports/clock.ts";

/** How long a round waits for what it began: a look that hangs goes on by itself and holds up no later round. */
const PATIENCE_MS = 250;

/** Resolves with the work, at the latest after 250 ms; the work must not reject. */
export async function withPatience(clock: Clock, work: Promise<unknown>): Promise<void> {
  let cancel = () => {};
  const enough = new Promise<void>((resolve) => {
    cancel = clock.after(PATIENCE_MS, resolve);
  });
  await Promise.race([work, enough]);
  cancel();
}
