import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { branchRef } from "./branch.ts";

/** Looks for branches without starting git, which takes 3 ms: a list of sessions asks for many of them. */
export interface BranchFiles {
  /** Undefined where only git can tell: another ref storage, or a repository that is laid out in another way. */
  has(place: { repository: string; branch: string }): boolean | undefined;
}

/** Creates a reader of git's "files" ref storage (gitrepository-layout(5)): a file each, or a line of packed-refs. */
export function createBranchFiles(): BranchFiles {
  const packed = new Map<string, { mark: string; text: string }>();

  const packedRefs = (path: string): string => {
    const found = statOf(path);
    if (!found) return "";
    const mark = `${found.ino} ${found.mtimeNs} ${found.size}`;
    const known = packed.get(path);
    if (known?.mark === mark) return known.text;
    const text = readFileSync(path, "utf8");
    packed.set(path, { mark, text });
    return text;
  };
  return {
    has({ repository, branch }) {
      const gitDir = join(repository, ".git");
      if (!statOf(gitDir)?.isDirectory() || statOf(join(gitDir, "reftable"))) return undefined;
      if (statOf(join(gitDir, branchRef(branch)))?.isFile()) return true;
      return `${packedRefs(join(gitDir, "packed-refs"))}\n`.includes(` ${branchRef(branch)}\n`);
    },
  };
}

function statOf(path: string) {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // A branch may be where another one would need a directory.
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}
