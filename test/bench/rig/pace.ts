import { setTimeout as sleep } from "node:timers/promises";

/** Calls `act` with 0, 1, 2, … `count` times, `perSecond` of them spread evenly; what is late is done at once. */
export async function pace(
  { count, perSecond }: { count: number; perSecond: number },
  act: (index: number) => void,
): Promise<void> {
  const start = performance.now();
  let done = 0;
  while (done < count) {
    const due = Math.min(count, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1);
    while (done < due) act(done++);
    await sleep(1);
  }
}
