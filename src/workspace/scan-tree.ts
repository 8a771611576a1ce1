import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { chmod, type FileHandle, lstat, open, readdir, readlink } from "node:fs/promises";
import { ifThere } from "../util/absent.ts";
import { eachOf } from "../util/each-of.ts";
import { type BytePath, pathAt } from "./byte-path.ts";

/** A regular file or a symbolic link. */
export interface ScannedFile {
  kind: "file" | "link";
  /** Id git gives a blob of exactly these bytes; of a link: of what it points to. */
  id: string;
  /** Bytes. */
  size: number;
  /** Permission bits as they were found. */
  mode: number;
  /** Changes whenever the file is written, replaced or renamed. */
  stamp: string;
}

/** Everything below a root. */
export interface Scan {
  /** Object format of the ids. */
  format: string;
  files: Map<BytePath, ScannedFile>;
  /** Folders with their permission bits, those above before those below. */
  directories: Map<BytePath, number>;
  /** FIFOs, sockets and devices: they hold no bytes. */
  special: BytePath[];
  /** Folders that were not looked into. */
  skipped: BytePath[];
}

/** What to scan. */
export interface ScanRequest {
  root: string;
  /** "sha1" or "sha256": the repository's object format. */
  format: string;
  /** True for a folder that is not to be looked into; gets the names in it. */
  skip?: (path: BytePath, names: readonly string[]) => boolean | Promise<boolean>;
  /** True for a file or folder that does not count. */
  leaveOut?: (path: BytePath) => boolean;
}

/** A file that was written to while it was read. */
export class FileChanged extends Error {
  readonly path: BytePath;
  constructor(path: BytePath) {
    super("the file changed while it was read");
    this.path = path;
  }
}

const READERS = 8;
const CHUNK_BYTES = 1024 * 1024;
/** Never follows a link, never waits for the other end of a FIFO. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads all that is below a root, never following links. Folders and files of ours that nobody may read get their
 * permission back for it. Throws FileChanged, and what the system says.
 */
export async function scanTree(request: ScanRequest): Promise<Scan> {
  const scan = emptyScan(request.format);
  const waiting: BytePath[] = [];
  await listInto(request, { scan, waiting, directory: "" });
  await eachOf(waiting, READERS, async (path) => {
    const file = await readEntry(request, path);
    if (file) scan.files.set(path, file);
    else scan.special.push(path);
  });
  return scan;
}

/** A scan of nothing. */
export function emptyScan(format: string): Scan {
  return { format, files: new Map(), directories: new Map(), special: [], skipped: [] };
}

/**
 * Throws FileChanged unless a file holds what was scanned. A new stamp alone proves nothing: other names of the file
 * may have gone, and git touches objects it meets again.
 */
export async function checkUnchanged(root: string, scan: Scan, path: BytePath): Promise<void> {
  const file = scan.files.get(path);
  if (!file || (await stampNow(root, path)) === file.stamp) return;
  const now = await readEntryNow({ root, format: scan.format }, path);
  if (now?.id !== file.id || now.kind !== file.kind) throw new FileChanged(path);
  file.stamp = now.stamp;
}

const stampNow = (root: string, path: BytePath) => ifThere(stampOf(root, path));
const readEntryNow = (request: ScanRequest, path: BytePath) => ifThere(readEntry(request, path));

async function listInto(
  request: ScanRequest,
  into: { scan: Scan; waiting: BytePath[]; directory: BytePath },
): Promise<void> {
  const { scan, waiting, directory } = into;
  for (const { name, isDirectory } of await list(request.root, directory)) {
    const path = directory === "" ? name : `${directory}/${name}`;
    if (request.leaveOut?.(path)) continue;
    if (!isDirectory) {
      waiting.push(path);
      continue;
    }
    const { mode } = await lstat(pathAt(request.root, path));
    scan.directories.set(path, mode & 0o7777);
    const names = (await list(request.root, path)).map((entry) => entry.name);
    if (await request.skip?.(path, names)) scan.skipped.push(path);
    else await listInto(request, { scan, waiting, directory: path });
  }
}

async function list(root: string, directory: BytePath) {
  const at = pathAt(root, directory);
  const entries = await permitted(at, 0o700, () => readdir(at, { withFileTypes: true, encoding: "buffer" }));
  return entries.map((entry) => ({
    name: (entry.name as unknown as Buffer).toString("latin1"),
    isDirectory: entry.isDirectory(),
  }));
}

/** Tries again with the owner's permission given back, where that is what it lacked. */
async function permitted<T>(path: Buffer, add: number, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
    await chmod(path, ((await lstat(path)).mode & 0o7777) | add);
    return attempt();
  }
}

/** Undefined for what is neither file nor link. */
async function readEntry({ root, format }: ScanRequest, path: BytePath): Promise<ScannedFile | undefined> {
  const at = pathAt(root, path);
  const before = await lstat(at);
  if (before.isSymbolicLink()) {
    const target = await readlink(at, { encoding: "buffer" });
    const id = blobId(format, target);
    const stamp = await stampOf(root, path);
    return { kind: "link", id, size: target.length, mode: 0o777, stamp };
  }
  if (!before.isFile()) return undefined;
  const mode = before.mode & 0o7777;
  const file = await permitted(at, 0o400, () => open(at, READ));
  try {
    const size = (await file.stat()).size;
    const stamp = await stampOf(root, path);
    const hash = createHash(format).update(`blob ${size}\0`);
    for await (const chunk of chunks(file, { path, size })) hash.update(chunk);
    if ((await stampOf(root, path)) !== stamp) throw new FileChanged(path);
    return { kind: "file", id: hash.digest("hex"), size, mode, stamp };
  } finally {
    await file.close();
  }
}

/** Bytes of a file, exactly `size`; throws FileChanged when there are fewer. */
export async function* chunks(
  file: FileHandle,
  { path, size }: { path: BytePath; size: number },
): AsyncGenerator<Buffer, void, undefined> {
  for (let position = 0; position < size; ) {
    const wanted = Math.min(CHUNK_BYTES, size - position);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
    if (bytesRead === 0) throw new FileChanged(path);
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Opens a scanned file for reading it again. */
export function openScanned(root: string, path: BytePath): Promise<FileHandle> {
  return open(pathAt(root, path), READ);
}

/** Id of a blob of these bytes. */
export function blobId(format: string, data: Buffer): string {
  return createHash(format).update(`blob ${data.length}\0`).update(data).digest("hex");
}

/** See `ScannedFile.stamp`. */
async function stampOf(root: string, path: BytePath): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await lstat(pathAt(root, path), { bigint: true });
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
