import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { branchRef } from "./branch.ts";
import { type BytePath, pathAt } from "./byte-path.ts";
import type { Git } from "./git.ts";
import { isThere } from "./is-there.ts";
import { namedIds } from "./kept-commits.ts";
import { isDirectory } from "./repository.ts";
import { type ScannedFile, scanTree } from "./scan-tree.ts";
import type { Snapshot } from "./snapshot.ts";
import { isPushed } from "./submodules.ts";
import { readNamedPath, type WorkTree } from "./work-tree.ts";

/** Git's own files that go away with a worktree. */
export interface Records {
  /** Folders of files, and the folder of the salvage's state they go to. */
  roots: { root: string; name: string; files: [BytePath, ScannedFile][] }[];
  /** Submodules whose git directory is among them. */
  modules: { path: BytePath; name: BytePath }[];
  /** A submodule's git directory holds commits that stand nowhere else. */
  hasModules: boolean;
  /** Ids these files name. */
  ids: Set<string>;
}

/** What git was in the middle of; empty for nothing. */
export type Operation = "" | "merge" | "rebase" | "cherry-pick" | "revert" | "bisect";

const OPERATIONS: readonly [string, Operation][] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
  ["sequencer", "cherry-pick"],
  ["BISECT_LOG", "bisect"],
];

/** Tells what git was in the middle of. */
export async function findOperation(tree: WorkTree): Promise<Operation> {
  if (!tree.registered) return "";
  for (const [name, operation] of OPERATIONS) if (await isThere(join(tree.gitDir, name))) return operation;
  return "";
}

/** The ref a worktree's HEAD names; empty when it is detached or lost. */
export async function headRefOf(tree: WorkTree): Promise<string> {
  if (!tree.registered) return "";
  return /^ref: (.*)$/m.exec(await readFile(join(tree.gitDir, "HEAD"), "utf8"))?.[1] ?? "";
}

/** Collects the worktree's git directory, those of worktrees inside it, and the branch's reflog. */
export async function readRecords(options: {
  git: Git;
  snapshot: Snapshot;
  branch: string;
  format: string;
}): Promise<Records> {
  const { git, snapshot, branch, format } = options;
  const { tree } = snapshot;
  const records: Records = { roots: [], modules: [], hasModules: false, ids: new Set() };
  const log = join(tree.commonDir, "logs", branchRef(branch));
  if (!(await isDirectory(log)) && (await isThere(log))) await add(records, { format, log });
  if (!tree.registered) return records;
  records.modules = await findModules(snapshot);
  await add(records, { format, root: tree.gitDir, name: "git", git });
  for (const inner of await findInner(tree))
    await add(records, { format, root: inner, name: `worktrees/${inner.slice(inner.lastIndexOf("/") + 1)}` });
  return records;
}

async function add(
  records: Records,
  from: { format: string } & ({ log: string } | { root: string; name: string; git?: Git }),
): Promise<void> {
  if ("log" in from) {
    const cut = from.log.lastIndexOf("/");
    const [root, wanted] = [from.log.slice(0, cut), from.log.slice(cut + 1)];
    const leaveOut = (path: BytePath) => path !== Buffer.from(wanted).toString("latin1");
    await keep(records, { root, name: "branch-log", format: from.format, leaveOut });
    return;
  }
  const quiet = new Set<BytePath>();
  const skip = async (path: BytePath, names: readonly string[]) => {
    if (!from.git || !/^modules\//.test(path) || !names.includes("HEAD") || !names.includes("objects"))
      return false;
    const isDirty = records.modules.some(({ name }) => path === `modules/${name}`);
    const pushed = await isPushed(from.git, pathAt(from.root, path).toString());
    if (!pushed) records.hasModules = true;
    else if (!isDirty) quiet.add(path);
    return false;
  };
  // Submodules of a quiet one may have something to say.
  const leaveOut = (path: BytePath) =>
    [...quiet].some(
      (module) => path.startsWith(`${module}/`) && !`${path}/`.startsWith(`${module}/modules/`),
    );
  await keep(records, { ...from, skip, leaveOut });
}

async function keep(
  records: Records,
  request: Parameters<typeof scanTree>[0] & { name: string },
): Promise<void> {
  const { root, name, format } = request;
  const scan = await scanTree(request);
  records.roots.push({ root, name, files: [...scan.files] });
  for (const id of await namedIds(root, scan, format)) records.ids.add(id);
}

/** Submodules with work whose git directory lies in the worktree's own: it would go away with it. */
async function findModules({ tree, scan }: Snapshot): Promise<Records["modules"]> {
  const inside = join(tree.gitDir, "modules");
  const modules: Records["modules"] = [];
  for (const [path, file] of scan.files) {
    if (!path.endsWith("/.git") || file.kind !== "file") continue;
    const directory = path.slice(0, -"/.git".length);
    const text = await readFile(pathAt(tree.path, path), "latin1");
    const pointer = /^gitdir: (.*)/.exec(text)?.[1];
    if (pointer === undefined) continue;
    const at = resolve(pathAt(tree.path, directory).toString(), Buffer.from(pointer, "latin1").toString());
    const name = relative(inside, at);
    if (name !== "" && !name.startsWith(".."))
      modules.push({ path: directory, name: Buffer.from(name).toString("latin1") });
  }
  return modules;
}

/** Git directories of the repository's worktrees that stand inside this one. */
async function findInner(tree: WorkTree): Promise<string[]> {
  const worktrees = join(tree.commonDir, "worktrees");
  const inner: string[] = [];
  for (const name of await readdir(worktrees)) {
    const named = await readNamedPath(join(worktrees, name));
    if (named?.startsWith(`${tree.path}/`)) inner.push(join(worktrees, name));
  }
  return inner;
}
