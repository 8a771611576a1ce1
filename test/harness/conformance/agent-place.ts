import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { LaunchPlan } from "../../../src/core/ports/harnesses.ts";
import { tempDir } from "../../support/temp-dir.ts";
import { fakeCodex } from "../fake-codex.ts";

/** A user's HOME, a repository with a worktree of it, and a program in the agent's place. */
export interface AgentPlace extends Disposable {
  root: string;
  home: string;
  repository: string;
  worktree: string;
  spool: string;
  plan(fields?: Partial<LaunchPlan>): LaunchPlan;
  /** Commits a file to the worktree's branch. */
  commit(path: string, text: string): void;
  git(...args: string[]): string;
  /** A launch directory of its own, for several launches in one place. */
  newLaunchDir(): string;
}

export const HOOK_COMMAND = resolve("bin/ao-hook");
export const LAUNCH = "l0conformance";

/** Writes its arguments, directory, environment and stdin beside itself, each ended by a zero. */
const AGENT = `#!/bin/sh
if [ "$1" = app-server ]; then exec "$(dirname "$0")/codex" "$@"; fi
at=\${AO_TEST_DUMP:-$(dirname "$0")}
for argument; do printf '%s\\000' "$argument"; done >"$at/argv"
pwd >"$at/cwd"
env -0 >"$at/env"
cat >"$at/stdin"
`;

export function agentPlace(): AgentPlace {
  const dir = tempDir();
  const at = (name: string) => join(dir.path, name);
  const [home, repository, worktree, spool] = [at("home"), at("repository"), at("worktree"), at("spool")];
  for (const path of [home, repository, at("launch"), at("bin")]) mkdirSync(path, { mode: 0o700 });
  let launches = 0;
  const identity = {
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@b",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@b",
  };
  const env = { PATH: process.env.PATH ?? "", HOME: home, GIT_OPTIONAL_LOCKS: "0", ...identity };
  const run = (path: string, args: readonly string[]) =>
    execFileSync("git", ["-C", path, ...args], { encoding: "utf8", env });
  run(repository, ["init", "-q", "-b", "main"]);
  run(repository, ["commit", "-q", "--allow-empty", "-m", "init"]);
  run(repository, ["worktree", "add", "-q", "-b", "work", worktree]);
  fakeCodex(at("bin"));
  const binary = join(at("bin"), "agent");
  writeFileSync(binary, AGENT);
  chmodSync(binary, 0o755);
  return {
    root: dir.path,
    home,
    repository,
    worktree,
    spool,
    plan: (fields = {}) => ({
      sessionId: "shop-1",
      launchId: LAUNCH,
      launchDir: at("launch"),
      workspacePath: worktree,
      repositoryPath: repository,
      binary,
      prompt: "",
      model: "",
      permissionMode: "default",
      headless: false,
      hookCommand: HOOK_COMMAND,
      env: { HOME: home, PATH: process.env.PATH ?? "", AO_SPOOL: spool, AO_LAUNCH_ID: LAUNCH },
      ...fields,
    }),
    commit(path, text) {
      mkdirSync(dirname(join(worktree, path)), { recursive: true });
      writeFileSync(join(worktree, path), text);
      run(worktree, ["add", "-f", path]);
      run(worktree, ["commit", "-q", "-m", path]);
    },
    newLaunchDir() {
      launches += 1;
      const path = at(`launch-${launches}`);
      mkdirSync(path, { mode: 0o700 });
      return path;
    },
    git: (...args) => run(worktree, args),
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

/** Everything below a directory by path: kind, mode, and what it holds. Git's own bookkeeping of times is left out. */
export function treeOf(dir: string): Record<string, string> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  const told = entries.map((entry): [string, string] => {
    const path = join(entry.parentPath, entry.name);
    const mode = (lstatSync(path).mode & 0o777).toString(8);
    if (entry.isSymbolicLink()) return [path, `link ${readlinkSync(path)}`];
    if (entry.isDirectory()) return [path, `directory ${mode}`];
    return [path, `${mode} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`];
  });
  return Object.fromEntries(told.filter(([path]) => !/\/\.git\/worktrees\/[^/]+\/index$/.test(path)));
}

/** Paths that were added, changed or taken away. */
export function changes(before: Record<string, string>, after: Record<string, string>): string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => before[path] !== after[path]).sort();
}
