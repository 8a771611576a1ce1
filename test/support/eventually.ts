import { setTimeout as sleep } from "node:timers/promises";

/** Polls `check` until it returns something truthy; throws with the last error or value when `timeoutMs` is over. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  options: { timeoutMs?: number; everyMs?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + (options.timeoutMs ?? 10_000);
  let last: unknown;
  do {
    try {
      const value = await check();
      if (value) return value as NonNullable<T>;
      last = value;
    } catch (error) {
      last = error;
    }
    await sleep(options.everyMs ?? 20);
  } while (performance.now() < deadline);
  throw new Error(`${options.what ?? "condition"} did not come true; last: ${String(last)}`, { cause: last });
}
