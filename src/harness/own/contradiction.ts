/** Something a spec says that cannot be true together with the rest. */
export interface Contradiction {
  path: readonly (string | number)[];
  problem: string;
}
