import { join } from "node:path";
import type { Git } from "./git.ts";
import { isThere } from "./is-there.ts";

/**
 * Copies into the repository what a salvage borrows from another one (`git clone --shared`, `--reference`): git writes no
 * object that stands there, and the owner's next gc may delete it. What other branches lead to stays borrowed.
 */
export async function keepBorrowed(options: {
  git: Git;
  commonDir: string;
  commit: string;
  /** The branch that goes away. */
  branch: string;
}): Promise<void> {
  const { git, commonDir, commit, branch } = options;
  if (!(await isThere(join(commonDir, "objects", "info", "alternates")))) return;
  const others = [`--exclude=${branch}`, "--branches", "--remotes", "--tags"];
  const objects = await git.must("list the objects of the salvage", {
    path: commonDir,
    args: ["rev-list", "--objects", commit, "--not", ...others],
    bytes: true,
  });
  await git.must("copy the objects of the salvage", {
    path: commonDir,
    args: ["pack-objects", "-q", "--non-empty", join(commonDir, "objects", "pack", "pack")],
    input: `${objects}\n`,
    bytes: true,
  });
}
