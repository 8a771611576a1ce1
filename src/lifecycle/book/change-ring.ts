import type { Change, Store } from "../../core/ports/store.ts";

/** The newest changes in memory, so that live watchers do not each ask the database; older ones come from there. */
export interface ChangeRing {
  push(changes: readonly Change[]): void;
  /** Changes after `revision`, oldest first, at most `limit` of them. */
  after(revision: number, limit: number): Promise<readonly Change[]>;
}

/** Changes kept, up to twice as many: some 8 KB each, with what watchers made of them. Bounded whatever they do. */
const KEPT = 512;
/** Older changes are read by blocks, which watchers that lag together share: each reads as much as one alone. */
const BLOCK = 128;
/** Blocks kept, the last used. */
const BLOCKS = 8;

export function createChangeRing(store: Pick<Store, "listChanges">): ChangeRing {
  let kept: Change[] = [];
  const blocks = new Map<number, Promise<Change[]>>();

  /** The block that holds the change after `revision`. */
  function blockAfter(revision: number): Promise<Change[]> {
    const number = Math.floor(revision / BLOCK);
    const known = blocks.get(number);
    const block = known ?? read(number);
    blocks.delete(number);
    blocks.set(number, block);
    for (const oldest of blocks.keys()) {
      if (blocks.size <= BLOCKS) break;
      blocks.delete(oldest);
    }
    return block;
  }
  async function read(number: number): Promise<Change[]> {
    const end = (number + 1) * BLOCK;
    try {
      const changes = await store.listChanges({ after: number * BLOCK, limit: BLOCK });
      const block = changes.filter(({ revision }) => revision <= end);
      // The newest block still grows, and one that compaction has cut is not worth keeping.
      if (block.length < BLOCK) blocks.delete(number);
      return block;
    } catch (error) {
      blocks.delete(number);
      throw error;
    }
  }

  return {
    push(changes) {
      if (changes.length === 0) return;
      kept.push(...changes);
      if (kept.length > 2 * KEPT) kept = kept.slice(-KEPT);
    },
    async after(revision, limit) {
      const first = kept[0];
      if (first && revision >= first.revision - 1) {
        const start = revision + 1 - first.revision;
        return kept.slice(start, start + limit);
      }
      const block = await blockAfter(revision);
      const rest = block.filter((change) => change.revision > revision).slice(0, limit);
      // Nothing left of it although newer changes exist: it was compacted, and the oldest that is left tells so.
      return rest.length > 0 ? rest : store.listChanges({ after: revision, limit: 1 });
    },
  };
}
