/**
 * Runs a task for each item, in their order, at most `limit` at a time. After a failure no further one begins; rejects
 * with the first failure when those under way have ended.
 */
export async function eachOf<T>(
  items: Iterable<T>,
  limit: number,
  task: (item: T) => Promise<unknown>,
): Promise<void> {
  const waiting = [...items].values();
  const failures: unknown[] = [];
  const work = async () => {
    for (const item of waiting) {
      try {
        await task(item);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  if (failures.length > 0) throw failures[0];
}
