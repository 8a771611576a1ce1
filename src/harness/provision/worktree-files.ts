import { lstat, mkdir, readFile, rmdir, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AoError } from "../../core/errors.ts";
import type { LaunchPlan } from "../../core/ports/harnesses.ts";
import { writeFileAtomic } from "../../util/atomic-file.ts";
import { absentIs } from "../search-path.ts";
import type { HookFile } from "../spec.ts";
import { withoutOurBlock } from "./hook-config.ts";
import { isJsonObject, parseJsonObject, withoutJson } from "./json-merge.ts";
import { createWorktreeGit, type WorktreeGit } from "./worktree-git.ts";

const LEDGER = "worktree-files.json";

/** What a launch has put into its worktree: written down before it is done, undone from the last to the first. */
interface Ledger {
  worktree: string;
  /** Environment for git. */
  env: Record<string, string>;
  entries: LedgerEntry[];
}

interface LedgerEntry {
  /** Relative to the worktree. */
  path: string;
  kind: HookFile["kind"] | "lines" | "directory";
  /** What was there before; undefined: nothing. */
  before?: string;
  written?: string;
  /** Git tracks it: hidden by the worktree's own index. */
  tracked?: boolean;
}

/** Puts files into a worktree so that git does not see them and the end of the session takes them back. */
export interface WorktreeFiles {
  /** `render` gets what is there already. Throws HARNESS_SETUP_FAILED when a part of the path leads elsewhere. */
  put(file: {
    path: string;
    kind: HookFile["kind"];
    mode: number;
    render(existing: string | undefined): string;
  }): Promise<void>;
}

/**
 * Creates the writer of one launch.
 *
 * Neither `.git/info/exclude` nor a config key will do: both belong to the repository and all its worktrees. A new
 * file is hidden by a `.gitignore` beside it that ignores itself too; a tracked one by the skip-worktree bit, which
 * stands in the index of this one worktree.
 */
export function createWorktreeFiles(plan: LaunchPlan, harness: string): WorktreeFiles {
  const env = gitEnvironment(plan.env);
  const ledger: Ledger = { worktree: plan.workspacePath, env, entries: [] };
  const git = createWorktreeGit(plan.workspacePath, env);
  const note = async (entry: LedgerEntry) => {
    ledger.entries.push(entry);
    await writeFileAtomic(join(plan.launchDir, LEDGER), `${JSON.stringify(ledger, null, 1)}\n`);
  };
  const write = async (entry: LedgerEntry & { written: string }, mode: number) => {
    await makeDirectories(plan.workspacePath, dirname(entry.path), note);
    const path = join(plan.workspacePath, entry.path);
    const kept = (await absentIs(undefined, lstat(path)))?.mode;
    await note(entry);
    if (entry.tracked) await git.hide(entry.path);
    await writeFileAtomic(path, entry.written, kept === undefined ? mode : kept & 0o777);
  };
  return {
    async put({ path, kind, mode, render }) {
      await checkPath(plan.workspacePath, path, harness);
      const before = await absentIs(undefined, readFile(join(plan.workspacePath, path), "utf8"));
      const written = render(before);
      const tracked = before !== undefined && (await git.tracks(path));
      if (!tracked && !(await git.ignores(path))) await ignore({ path, git, write });
      await write({ path, kind, before, written, tracked }, mode);
    },
  };

  async function ignore(one: { path: string; git: WorktreeGit; write: typeof write }): Promise<void> {
    const path = join(dirname(one.path), ".gitignore");
    const before = await absentIs(undefined, readFile(join(plan.workspacePath, path), "utf8"));
    const tracked = before !== undefined && (await one.git.tracks(path));
    const names = before === undefined ? ["/.gitignore"] : [];
    const lines = [...names, `/${one.path.slice(dirname(one.path).length + 1)}`];
    const kept = before === undefined || before.endsWith("\n") ? (before ?? "") : `${before}\n`;
    await one.write({ path, kind: "lines", before, written: `${kept}${lines.join("\n")}\n`, tracked }, 0o600);
  }
}

/** Takes back what a launch put into its worktree; idempotent, and right after a crash at any step. */
export async function releaseWorktree(launchDir: string): Promise<void> {
  const path = join(launchDir, LEDGER);
  const text = await absentIs(undefined, readFile(path, "utf8"));
  if (text === undefined) return;
  const { worktree, env, entries } = JSON.parse(text) as Ledger;
  const isThere = await absentIs(undefined, lstat(worktree));
  if (isThere) {
    const git = createWorktreeGit(worktree, env);
    for (const entry of entries.toReversed()) await undo(worktree, entry, git);
  }
  await unlink(path);
}

async function undo(worktree: string, entry: LedgerEntry, git: WorktreeGit): Promise<void> {
  const path = join(worktree, entry.path);
  if (entry.kind === "directory") return removeEmpty(path);
  const now = await absentIs(undefined, readFile(path, "utf8"));
  const left = now === undefined ? undefined : remains(entry, now);
  if (left === undefined) {
    if (now !== undefined) await unlink(path);
  } else if (left !== now) await writeFileAtomic(path, left, (await lstat(path)).mode & 0o777);
  if (entry.tracked) await git.show(entry.path);
}

/** What stays of a file: all that is not ours. Undefined: nothing. */
function remains(entry: LedgerEntry, now: string): string | undefined {
  if (now === entry.written) return entry.before;
  switch (entry.kind) {
    case "json":
      return remainingJson(entry, now);
    case "toml":
      return withoutOurBlock(now).trim() === "" && entry.before === undefined
        ? undefined
        : withoutOurBlock(now);
    case "lines":
      return remainingLines(entry, now);
    case "scripts":
    case "asset":
    case "directory":
      return now;
  }
}

function remainingJson({ before, written = "{}" }: LedgerEntry, now: string): string | undefined {
  const [present, whole] = [parseJsonObject(now), parseJsonObject(written)];
  if (!present || !whole) return now;
  const old = parseJsonObject(before ?? "{}") ?? {};
  const left = withoutJson(present, withoutJson(whole, old));
  if (JSON.stringify(left) === JSON.stringify(present)) return now;
  if (before === undefined && Object.keys(left).length === 0) return undefined;
  if (isJsonObject(left) && JSON.stringify(left) === JSON.stringify(old)) return before;
  return `${JSON.stringify(left, null, 2)}\n`;
}

function remainingLines({ before = "", written = "" }: LedgerEntry, now: string): string | undefined {
  const ours = written.slice(before.length).split("\n").filter(Boolean);
  const left = now.split("\n").filter((line) => !ours.includes(line));
  return left.join("").trim() === "" ? undefined : left.join("\n");
}

/** Makes the directories that are missing, from the top, each noted. */
async function makeDirectories(
  worktree: string,
  path: string,
  note: (entry: LedgerEntry) => Promise<void>,
): Promise<void> {
  if (path === "." || (await absentIs(undefined, lstat(join(worktree, path))))) return;
  await makeDirectories(worktree, dirname(path), note);
  await note({ path, kind: "directory" });
  await mkdir(join(worktree, path));
}

/** What stands in the repository must not lead ao out of the worktree. */
async function checkPath(worktree: string, path: string, harness: string): Promise<void> {
  for (let part = path; part !== "."; part = dirname(part)) {
    const info = await absentIs(undefined, lstat(join(worktree, part)));
    const isWhatItMustBe = part === path ? info?.isFile() : info?.isDirectory();
    if (info && !isWhatItMustBe) {
      const problem = `"${part}" in the work tree is no plain ${part === path ? "file" : "directory"}, and its hooks must stand in "${path}"`;
      throw new AoError("HARNESS_SETUP_FAILED", { harness, problem });
    }
  }
}

async function removeEmpty(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    // Others have put something there, or taken it away.
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

function gitEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => ["PATH", "HOME", "XDG_CONFIG_HOME"].includes(name)),
  );
}
