/** Lets work on the same thing run one after the other, in the order it came; other things are not held up. */
export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Makes a set of turns; a key is forgotten when nobody waits for it. */
export function createTurns(): Turns {
  const tails = new Map<string, Promise<void>>();
  return async (key, work) => {
    const before = tails.get(key);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    tails.set(key, done);
    try {
      await before;
      return await work();
    } finally {
      if (tails.get(key) === done) tails.delete(key);
      resolve();
    }
  };
}
