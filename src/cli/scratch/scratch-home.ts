import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Paths, resolvePaths } from "../../util/paths.ts";

/** A place of its own with a daemon of its own: no session of the user's is touched. */
export interface ScratchHome {
  /** Holds everything else; removed at the end. */
  directory: string;
  repository: string;
  paths: Paths;
  /** Environment of the daemon and the agents there. */
  env: Record<string, string>;
  remove(): Promise<void>;
}

/** What a scratch home is for. */
export interface ScratchPlan {
  env: Readonly<Record<string, string | undefined>>;
  /** Begins the directory's name. */
  name: string;
  /** HOME is the user's, where agents find their login; else an empty one. */
  usersHome: boolean;
}

/** Makes the directories under the system's temporary directory. */
export async function createScratchHome(plan: ScratchPlan): Promise<ScratchHome> {
  const directory = await makeShortDirectory(plan.name);
  const repository = join(directory, "shop");
  const scratchEnv = scratchEnvironment(plan, directory);
  await mkdir(join(directory, "user"));
  return {
    directory,
    repository,
    paths: resolvePaths(scratchEnv),
    env: scratchEnv,
    // Agents that were just ended may still be closing their files.
    remove: () => rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}

/** The system's temporary directory, or /tmp where a socket's path would get too long below it. */
async function makeShortDirectory(name: string): Promise<string> {
  const base = await realpath(tmpdir());
  const directory = await mkdtemp(join(base, `${name}-`));
  if (!resolvePaths({ AO_HOME: join(directory, "home") }).socketPathTooLong) return directory;
  await rm(directory, { recursive: true });
  return mkdtemp(`/tmp/${name}-`);
}

/**
 * The user's environment without ao's, git's and tmux's own variables. With a home of its own git, tmux and shells find
 * no configuration of the user's either.
 */
function scratchEnvironment({ env, usersHome }: ScratchPlan, directory: string): Record<string, string> {
  // AO_<HARNESS>_BIN names a binary, for whoever asks.
  const foreign = usersHome ? /^(AO_(?!.*_BIN$)|GIT_|TMUX)/ : /^(AO_|GIT_|TMUX|XDG_)/;
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !foreign.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    ...(usersHome ? {} : { HOME: join(directory, "user"), GIT_CONFIG_NOSYSTEM: "1" }),
    AO_HOME: join(directory, "home"),
    GIT_TERMINAL_PROMPT: "0",
  };
}
