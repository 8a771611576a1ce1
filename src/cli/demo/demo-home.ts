import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Paths, resolvePaths } from "../../util/paths.ts";

/** A place of its own for a demo: nothing of the user's is written. */
export interface DemoHome {
  /** Holds everything else; removed at the end. */
  directory: string;
  repository: string;
  paths: Paths;
  /** Environment of the demo's daemon and agents. */
  env: Record<string, string>;
  remove(): Promise<void>;
}

/** Makes the directories of a demo under the system's temporary directory. */
export async function createDemoHome(env: Readonly<Record<string, string | undefined>>): Promise<DemoHome> {
  const directory = await makeShortDirectory();
  const repository = join(directory, "shop");
  const demoEnv = demoEnvironment(env, directory);
  await mkdir(join(directory, "user"));
  return {
    directory,
    repository,
    paths: resolvePaths(demoEnv),
    env: demoEnv,
    // Agents that were just ended may still be closing their files.
    remove: () => rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}

/** The system's temporary directory, or /tmp where a socket's path would get too long below it. */
async function makeShortDirectory(): Promise<string> {
  const base = await realpath(tmpdir());
  const directory = await mkdtemp(join(base, "ao-demo-"));
  if (!resolvePaths({ AO_HOME: join(directory, "home") }).socketPathTooLong) return directory;
  await rm(directory, { recursive: true });
  return mkdtemp("/tmp/ao-demo-");
}

/**
 * The user's environment without ao's, git's and tmux's own variables, and with a home of its own: git, tmux and shells
 * find no configuration of the user's there.
 */
function demoEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  directory: string,
): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(AO_|GIT_|TMUX|XDG_)/.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    HOME: join(directory, "user"),
    AO_HOME: join(directory, "home"),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
  };
}
