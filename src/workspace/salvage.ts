import { readlink } from "node:fs/promises";
import { AoError } from "../core/errors.ts";
import { keepBorrowed } from "./borrowed-objects.ts";
import { type BytePath, pathAt, readablePath } from "./byte-path.ts";
import type { Git } from "./git.ts";
import type { Operation, Records } from "./git-records.ts";
import type { LonelyCommits } from "./kept-commits.ts";
import { createObjectWriter, type ObjectWriter, type TreeEntry } from "./object-writer.ts";
import { type SalvageManifest, salvageMessage } from "./salvage-record.ts";
import { keepRef } from "./salvage-refs.ts";
import { differences, gitMode, type Snapshot, USUAL } from "./snapshot.ts";

/** All that is to be saved of a session. */
export interface Evidence {
  sessionId: string;
  branch: string;
  headRef: string;
  snapshot: Snapshot;
  records: Records;
  lonely: LonelyCommits;
  operation: Operation;
  format: string;
}

/** True when removing the worktree and its branch would lose something. */
export function isWorthSaving({ snapshot, lonely, operation, records }: Evidence): boolean {
  const { index, head } = snapshot;
  const staged = index === undefined ? [] : differences(head, index.staged);
  return (
    lonely.count > 0 ||
    operation !== "" ||
    snapshot.changes.length > 0 ||
    oddFiles(snapshot).length > 0 ||
    staged.length > 0 ||
    records.hasModules
  );
}

/** The `.git` file that every linked worktree has is not worth keeping. */
function oddFiles({ odd, scan, tree }: Snapshot): BytePath[] {
  return odd.filter((path) => path !== ".git" || scan.files.get(path)?.kind !== "file" || !tree.isThere);
}

/**
 * Makes a salvage of everything, and a fresh ref that leads to it.
 *
 * The commit's tree is the working tree: bytes as they stand on disk, files git ignores too. Its parents: the commit the
 * worktree was on; the index, when that differs; and last what no tree of files can hold: a manifest, the worktree's own
 * git directory (index, reflog, a merge or rebase under way), the sides of conflicts, repositories inside. From there
 * lead parents to every commit that stands nowhere else.
 *
 * Throws SALVAGE_FAILED when git fails, FileChanged when something was written meanwhile.
 */
export async function saveSalvage(
  options: { git: Git; repository: string },
  evidence: Evidence,
): Promise<string> {
  const { git, repository } = options;
  const { snapshot, sessionId, format } = evidence;
  const { commonDir, head } = snapshot.tree;
  const readLink = (root: string, path: BytePath) => readlink(pathAt(root, path), { encoding: "buffer" });
  const writer = createObjectWriter({ git, gitDir: commonDir, format, readLink });
  try {
    const time = Math.floor(Date.now() / 1000);
    const index = await writeIndex(writer, evidence, time);
    const state = await writeState(writer, evidence, time);
    await writeFiles(writer, snapshot);
    const { id: commit } = await writer.writeCommit({
      time,
      message: salvageMessage(factsOf(evidence, time, await subjectOf(git, repository, evidence))),
      parents: [head, ...(index === undefined ? [] : [index]), state],
      entries: snapshot.changes,
    });
    await writer.finish();
    await keepBorrowed({ git, commonDir, commit, branch: evidence.branch });
    return await keepRef({ git, repository, commit, known: head, sessionId });
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

function factsOf({ snapshot, lonely, ...evidence }: Evidence, time: number, subject: string) {
  const sizes = snapshot.changes.map(({ path }) => snapshot.scan.files.get(path)?.size ?? 0);
  const odd = oddFiles(snapshot).map((path) => snapshot.scan.files.get(path)?.size ?? 0);
  return {
    sessionId: evidence.sessionId,
    branch: evidence.branch,
    subject,
    fileCount: sizes.length + odd.length,
    commitCount: lonely.count,
    sizeBytes: [...sizes, ...odd].reduce((sum, size) => sum + size, 0),
    operation: evidence.operation,
    saveTime: time * 1000,
  };
}

/** Subject of the newest commit: the worktree's own, else of what only its reflog knows. */
async function subjectOf(git: Git, repository: string, { snapshot, lonely }: Evidence): Promise<string> {
  const commit = lonely.tips.includes(snapshot.tree.head) ? snapshot.tree.head : lonely.tips[0];
  const args = ["log", "--max-count=1", "--format=%s", commit ?? snapshot.tree.head];
  return git.must("read the commit", { path: repository, args });
}

async function writeFiles(writer: ObjectWriter, { tree, scan, changes }: Snapshot): Promise<void> {
  for (const { path, id } of changes) {
    const file = scan.files.get(path);
    if (file && id === file.id) await writer.writeFile(tree.path, path, file);
  }
}

/** Mark of a commit of what is staged; undefined when that is what the commit has. Sides of conflicts are not in it. */
async function writeIndex(
  writer: ObjectWriter,
  { snapshot, sessionId }: Evidence,
  time: number,
): Promise<string | undefined> {
  const { index, head, tree } = snapshot;
  if (index === undefined) return undefined;
  const conflicts = new Set(index.conflicts.map(({ path }) => path));
  const entries = differences(head, index.staged).filter(({ path }) => !conflicts.has(path));
  if (entries.length === 0) return undefined;
  // What `git add --intent-to-add` notes has no blob of its own.
  await writer.writeBlob(Buffer.alloc(0));
  const message = `ao: index of session ${sessionId}\n`;
  return (await writer.writeCommit({ time, message, parents: [tree.head], entries })).mark;
}

async function writeState(writer: ObjectWriter, evidence: Evidence, time: number): Promise<string> {
  const { snapshot, records, lonely, sessionId } = evidence;
  const entries: TreeEntry[] = [];
  const manifest = manifestOf(evidence);
  for (const [number, { path, mode }] of manifest.odd.entries()) {
    const file = snapshot.scan.files.get(path);
    if (!file) continue;
    await writer.writeFile(snapshot.tree.path, path, file);
    entries.push({ path: `odd/${number}`, mode, id: file.id });
  }
  for (const { root, name, files } of records.roots)
    for (const [path, file] of files) {
      await writer.writeFile(root, path, file);
      entries.push({ path: `${name}/${path}`, mode: gitMode(file), id: file.id });
    }
  for (const { stage, path, file } of snapshot.index?.conflicts ?? [])
    entries.push({ path: `stages/${stage}/${path}`, ...file });
  const text = Buffer.from(JSON.stringify(manifest, undefined, 1));
  entries.push({ path: "manifest.json", mode: "100644", id: await writer.writeBlob(text) });
  const message = `ao: state of session ${sessionId}\n`;
  return (await writer.writeCommit({ time, message, parents: lonely.tips, fresh: true, entries })).mark;
}

function manifestOf(evidence: Evidence): SalvageManifest {
  const { snapshot, records, sessionId, branch, headRef } = evidence;
  const { scan, tree } = snapshot;
  const filled = new Set(
    [...scan.files.keys(), ...scan.directories.keys(), ...scan.skipped.map((path) => `${path}/.`)].map(
      (path) => path.slice(0, path.lastIndexOf("/")),
    ),
  );
  const unusual = (mode: number, usual: readonly number[]) => !usual.includes(mode);
  return {
    version: 1,
    ...{ sessionId, branch, headRef, head: tree.head, path: tree.path, isThere: tree.isThere },
    smudged: snapshot.smudged,
    odd: oddFiles(snapshot).flatMap((path) => {
      const file = scan.files.get(path);
      return file ? { path, mode: gitMode(file), permissions: file.mode } : [];
    }),
    permissions: [
      ...[...scan.files].filter(([, file]) => file.kind === "file" && unusual(file.mode, USUAL.file)),
      ...[...scan.directories].flatMap(([path, mode]): [BytePath, { mode: number }][] =>
        unusual(mode, USUAL.directory) ? [[path, { mode }]] : [],
      ),
    ].map(([path, { mode }]) => ({ path, mode })),
    emptyDirectories: [...scan.directories.keys()].filter((path) => !filled.has(path)),
    modules: records.modules,
    caches: snapshot.caches,
    special: scan.special,
  };
}

/** The error for a salvage that could not be made. */
export function salvageFailed(sessionId: string, error: unknown): AoError {
  if (error instanceof AoError) return error;
  const { message, path } = error as Error & { path?: unknown };
  const where = typeof path === "string" ? `"${readablePath(path)}": ` : "";
  return new AoError("SALVAGE_FAILED", { session: sessionId, problem: `${where}${message}` }, error);
}
