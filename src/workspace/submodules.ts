import type { Git } from "./git.ts";

/** True when nothing would be lost with a submodule: its commit is the recorded one, no file differs, all is pushed. */
export async function isCleanSubmodule(
  git: Git,
  submodule: { path: Buffer; commit: string },
): Promise<boolean> {
  // git takes paths as arguments; one that is not UTF-8 cannot be passed, so it is not clean.
  const path = submodule.path.toString();
  if (!Buffer.from(path).equals(submodule.path)) return false;
  const ask = async (args: readonly string[]) => {
    const { code, stdout } = await git.run({ path, args });
    return code === 0 ? stdout.trim() : undefined;
  };
  if ((await ask(["rev-parse", "--verify", "--quiet", "HEAD"])) !== submodule.commit) return false;
  const status = ["status", "--porcelain", "--ignored", "--untracked-files=all", "--ignore-submodules=none"];
  if ((await ask(status)) !== "") return false;
  // `git update-index --assume-unchanged` and its like hide files from the status.
  const hidden = (await ask(["ls-files", "-v"]))?.split("\n").some((line) => /^([a-z]|S) /.test(line));
  return hidden === false && (await isPushed(git, path));
}

/** True when every commit the repository at `path` knows of stands on one of its remotes. */
export async function isPushed(git: Git, path: string): Promise<boolean> {
  const args = ["rev-list", "--max-count=1", "--all", "--reflog", "HEAD", "--not", "--remotes"];
  const { code, stdout } = await git.run({ path, args });
  return code === 0 && stdout.trim() === "";
}
