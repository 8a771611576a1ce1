/** Time, so that tests can hold it. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Calls `callback` once after `ms`; the returned function cancels it. Never keeps the process alive. */
  after(ms: number, callback: () => void): () => void;
}
