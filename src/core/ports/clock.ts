/** Time, so that tests can hold it. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Milliseconds that never jump: for distances in time, whatever is done to the wall clock. */
  monotonic(): number;
  /** Calls `callback` once after `ms`; the returned function cancels it. Never keeps the process alive. */
  after(ms: number, callback: () => void): () => void;
}
