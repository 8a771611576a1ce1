import { execFile } from "node:child_process";

const DEADLINE_MS = 60_000;

/** What git says of one file of a worktree, and whether it looks at it. */
export interface WorktreeGit {
  tracks(path: string): Promise<boolean>;
  ignores(path: string): Promise<boolean>;
  /** Git takes the file for unchanged, whatever it says: a bit in the index of this worktree alone. */
  hide(path: string): Promise<void>;
  show(path: string): Promise<void>;
}

/** Creates the questions about one worktree; `env` gives PATH and HOME, and no GIT_ variable leads elsewhere. */
export function createWorktreeGit(worktree: string, env: Readonly<Record<string, string>>): WorktreeGit {
  const run = (args: readonly string[]) =>
    new Promise<number>((resolve, reject) => {
      const argv = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-C", worktree, ...args];
      execFile("git", argv, { env: { ...env, LC_ALL: "C" }, timeout: DEADLINE_MS, cwd: "/" }, (error) => {
        if (!error) resolve(0);
        else if (typeof error.code === "number") resolve(error.code);
        else reject(error);
      });
    });
  const must = async (args: readonly string[]) => {
    const code = await run(args);
    if (code !== 0) throw new Error(`git ${args.join(" ")} in "${worktree}" ended with code ${code}`);
  };
  return {
    tracks: async (path) => (await run(["ls-files", "--error-unmatch", "--", path])) === 0,
    ignores: async (path) => (await run(["check-ignore", "-q", "--", path])) === 0,
    hide: (path) => must(["update-index", "--skip-worktree", "--", path]),
    async show(path) {
      if ((await run(["ls-files", "--error-unmatch", "--", path])) === 0)
        await must(["update-index", "--no-skip-worktree", "--", path]);
    },
  };
}
