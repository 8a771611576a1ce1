import type { Change, Store } from "../core/ports/store.ts";

/** The newest changes in memory, so that live watchers do not each ask the database; older ones come from there. */
export interface ChangeRing {
  push(changes: readonly Change[]): void;
  after(revision: number, limit: number): Promise<readonly Change[]>;
}

/** Changes kept: about 4 MB. Bounded whatever watchers do. */
const KEPT = 2048;

export function createChangeRing(store: Pick<Store, "listChanges">): ChangeRing {
  let kept: Change[] = [];
  return {
    push(changes) {
      if (changes.length === 0) return;
      kept.push(...changes);
      if (kept.length > 2 * KEPT) kept = kept.slice(-KEPT);
    },
    async after(revision, limit) {
      const first = kept[0];
      if (!first || revision < first.revision - 1) return store.listChanges({ after: revision, limit });
      const start = revision + 1 - first.revision;
      return kept.slice(start, start + limit);
    },
  };
}
