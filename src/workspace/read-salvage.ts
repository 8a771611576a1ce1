import type { Git } from "./git.ts";
import type { SalvageManifest } from "./salvage-record.ts";

/** What stands beside a salvage's files. */
export interface SavedState {
  manifest: SalvageManifest;
  /** Commit whose tree holds the manifest and git's own files. */
  state: string;
  /** Commit of what was staged; undefined when nothing was. */
  index?: string;
}

/** Reads the state of a salvage; undefined for a commit that has none. */
export async function readManifest(
  git: Git,
  repository: string,
  commit: string,
): Promise<SavedState | undefined> {
  const args = ["rev-parse", `${commit}^@`];
  const parents = (await git.must("read the salvage", { path: repository, args })).split("\n");
  const state = parents.at(-1);
  if (!state || parents.length < 2) return undefined;
  const found = await git.run({
    path: repository,
    args: ["cat-file", "blob", `${state}:manifest.json`],
  });
  if (found.code !== 0) return undefined;
  const manifest = JSON.parse(found.stdout) as SalvageManifest;
  if (manifest.version !== 1) return undefined;
  return { manifest, state, index: parents.length > 2 ? parents[1] : undefined };
}
