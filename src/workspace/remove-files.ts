import { chmod, lstat, readdir, rmdir, unlink } from "node:fs/promises";
import { type BytePath, pathAt } from "./byte-path.ts";
import { checkUnchanged, FileChanged, type Scan } from "./scan-tree.ts";

/** Throws FileChanged when something in the tree is not what was scanned, or was not there. */
export async function verifyFiles(root: string, scan: Scan): Promise<void> {
  for (const path of scan.files.keys()) await checkUnchanged(root, scan, path);
  for (const directory of ["", ...scan.directories.keys()]) {
    if (isSkipped(scan, directory)) continue;
    for (const name of await readdir(pathAt(root, directory), { encoding: "buffer" })) {
      const path = `${directory}${directory === "" ? "" : "/"}${name.toString("latin1")}`;
      const known = scan.files.has(path) || scan.directories.has(path) || scan.special.includes(path);
      if (!known) throw new FileChanged(path);
    }
  }
}

function isSkipped({ skipped }: Scan, path: BytePath): boolean {
  return skipped.includes(path);
}

/**
 * Deletes what was scanned and nothing else: each file is looked at right before it goes, and a folder that holds
 * something new stays. `last` goes at the end, so that a tree deleted half still says whose it is.
 */
export async function removeFiles(root: string, scan: Scan, last: BytePath): Promise<void> {
  for (const path of scan.skipped) await removeAll(pathAt(root, path));
  const skipped = new Set(scan.skipped);
  const paths = [...scan.files.keys(), ...scan.special].filter((path) => path !== last);
  for (const path of paths) {
    await makeWritable(root, parentOf(path));
    await removeFile(root, scan, path);
  }
  for (const path of [...scan.directories.keys()].reverse()) {
    if (skipped.has(path)) continue;
    await makeWritable(root, parentOf(path));
    await removeDirectory(root, path);
  }
  if (scan.files.has(last)) await removeFile(root, scan, last);
  await removeDirectory(root, "");
}

async function removeFile(root: string, scan: Scan, path: BytePath): Promise<void> {
  await checkUnchanged(root, scan, path);
  await unlink(pathAt(root, path));
}

async function removeDirectory(root: string, path: BytePath): Promise<void> {
  try {
    await rmdir(pathAt(root, path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ENOTEMPTY" || code === "EEXIST") throw new FileChanged(path);
    throw error;
  }
}

function parentOf(path: BytePath): BytePath {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

/** Gives back the write permission that some tools take from folders of theirs (Go's module cache). */
async function makeWritable(root: string, directory: BytePath): Promise<void> {
  const at = pathAt(root, directory);
  const { mode } = await lstat(at);
  if ((mode & 0o300) !== 0o300) await chmod(at, mode | 0o700);
}

/** Deletes a folder with all that is in it. */
async function removeAll(directory: Buffer): Promise<void> {
  const { mode } = await lstat(directory);
  if ((mode & 0o700) !== 0o700) await chmod(directory, mode | 0o700);
  for (const entry of await readdir(directory, { withFileTypes: true, encoding: "buffer" })) {
    // Node's own recursive removal passes over names that are not UTF-8.
    const path = Buffer.concat([directory, Buffer.from("/"), entry.name as unknown as Buffer]);
    if (entry.isDirectory()) await removeAll(path);
    else await unlink(path);
  }
  await rmdir(directory);
}
