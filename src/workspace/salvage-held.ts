import type { Git } from "./git.ts";
import { readManifest } from "./read-salvage.ts";
import type { Evidence } from "./salvage.ts";
import { listSalvages } from "./salvage-refs.ts";
import { readTree } from "./tree-entries.ts";

/**
 * Finds the session's last salvage when it already holds every byte of what is there now: a removal that was
 * interrupted after saving needs no second one.
 */
export async function findHolding(
  options: { git: Git; repository: string },
  evidence: Evidence,
): Promise<string | undefined> {
  const { git, repository } = options;
  const { snapshot, sessionId, records, lonely } = evidence;
  const all = await listSalvages(git, repository);
  const last = all
    .filter((one) => one.sessionId === sessionId)
    .toSorted(byNumber)
    .at(-1);
  if (!last) return undefined;
  const saved = await readManifest(git, repository, last.commit);
  const isBranchOnly = !snapshot.tree.isThere && !snapshot.tree.registered;
  if (!saved || (saved.manifest.head !== snapshot.tree.head && !isBranchOnly)) return undefined;
  const place = { git, path: repository, env: {} };
  const work = await readTree(place, last.commit);
  const state = await readTree(place, saved.state);
  const isHeld =
    snapshot.changes.every(({ path, id }) => id === undefined || work.get(path)?.id === id) &&
    snapshot.odd.every((path) => {
      const number = saved.manifest.odd.findIndex((odd) => odd.path === path);
      return path === ".git" || state.get(`odd/${number}`)?.id === snapshot.scan.files.get(path)?.id;
    }) &&
    records.roots.every(({ name, files }) =>
      files.every(([path, file]) => state.get(`${name}/${path}`)?.id === file.id),
    );
  if (!isHeld) return undefined;
  const missing = await git.run({
    path: repository,
    args: ["rev-list", "--max-count=1", ...lonely.tips, "--not", last.commit],
  });
  return missing.code === 0 && missing.stdout === "" ? last.ref : undefined;
}

/** `web-1`, `web-1-2`, … `web-1-10`. */
function byNumber(one: { ref: string }, two: { ref: string }): number {
  return one.ref.length - two.ref.length || (one.ref < two.ref ? -1 : 1);
}
