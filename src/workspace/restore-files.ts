import { chmod, mkdir, open, rmdir, symlink, unlink } from "node:fs/promises";
import { ifThere } from "../util/absent.ts";
import type { BlobReader } from "./blob-reader.ts";
import { type BytePath, pathAt, withParents } from "./byte-path.ts";
import type { SalvageManifest } from "./salvage-record.ts";
import { type ScannedFile, scanTree } from "./scan-tree.ts";
import { GITLINK, gitMode, USUAL } from "./snapshot.ts";
import type { TreeFile } from "./tree-entries.ts";

/** What to make of a fresh checkout. */
export interface RestoreFiles {
  root: string;
  format: string;
  blobs: BlobReader;
  /** Files to be there. */
  work: ReadonlyMap<BytePath, TreeFile>;
  /** The salvage's state. */
  state: ReadonlyMap<BytePath, TreeFile>;
  manifest: SalvageManifest;
}

/** Where a repository goes that stood in place of the worktree's own `.git`. */
const OWN_GIT = ".git-of-session";

/** Makes the checkout hold what the worktree held, byte for byte. */
export async function restoreFiles(request: RestoreFiles): Promise<void> {
  const { root, work, manifest } = request;
  const current = await scanTree({ root, format: request.format });
  const stays = new Set(manifest.smudged);
  for (const [path, file] of current.files) {
    const wanted = work.get(path);
    if (path === ".git" || stays.has(path) || (wanted && isSame(wanted, file))) stays.add(path);
    else await unlink(pathAt(root, path));
  }
  const folders = new Set([...work.keys()].flatMap((path) => withParents(path).slice(0, -1)));
  for (const path of [...current.directories.keys()].reverse())
    if (!folders.has(path)) await rmdir(pathAt(root, path));
  for (const [path, wanted] of work) {
    if (wanted.mode === GITLINK) await mkdir(pathAt(root, path), { recursive: true });
    else if (!stays.has(path)) await writeFile(request, path, wanted);
  }
  await restoreOdd(request);
  for (const path of manifest.emptyDirectories)
    await mkdir(pathAt(root, elsewhere(path)), { recursive: true });
  await restorePermissions(request, folders);
}

function isSame(wanted: TreeFile, file: ScannedFile): boolean {
  return wanted.id === file.id && wanted.mode === gitMode(file);
}

async function restoreOdd(request: RestoreFiles): Promise<void> {
  const { state, manifest } = request;
  const pointers = new Set(manifest.modules.map(({ path }) => `${path}/.git`));
  for (const [number, { path }] of manifest.odd.entries()) {
    const file = state.get(`odd/${number}`);
    if (file && !pointers.has(path)) await writeFile(request, elsewhere(path), file);
  }
  for (const { path, name } of manifest.modules)
    for (const [from, file] of state) {
      const prefix = `git/modules/${name}/`;
      if (from.startsWith(prefix))
        await writeFile(request, `${path}/.git/${from.slice(prefix.length)}`, file);
    }
}

/** The new worktree has a `.git` of its own. */
function elsewhere(path: BytePath): BytePath {
  return path === ".git" || path.startsWith(".git/") ? `${OWN_GIT}${path.slice(".git".length)}` : path;
}

/** Deepest first: a folder may forbid what is still to be done in it. */
async function restorePermissions(
  { root, manifest }: RestoreFiles,
  folders: ReadonlySet<BytePath>,
): Promise<void> {
  const empty = manifest.emptyDirectories.flatMap((path) => withParents(elsewhere(path)));
  for (const path of new Set([...folders, ...empty])) await chmod(pathAt(root, path), USUAL.directory[0]);
  // A cache was not kept, a submodule was not checked out.
  for (const { path, mode } of manifest.permissions.toSorted((one, two) => two.path.length - one.path.length))
    await ifThere(chmod(pathAt(root, elsewhere(path)), mode));
}

async function writeFile(request: RestoreFiles, path: BytePath, wanted: TreeFile): Promise<void> {
  const { root, blobs } = request;
  const at = pathAt(root, path);
  await mkdir(pathAt(root, path.slice(0, Math.max(0, path.lastIndexOf("/")))), { recursive: true });
  if (wanted.mode === "120000") {
    await symlink(await blobs.read(wanted.id), at);
    return;
  }
  const file = await open(at, "wx", 0o600);
  try {
    await blobs.stream(wanted.id, (piece) => file.writeFile(piece));
    await file.chmod(USUAL.file[wanted.mode === "100755" ? 1 : 0]);
  } finally {
    await file.close();
  }
}
