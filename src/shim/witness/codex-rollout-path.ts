import { type FileHandle, readdir, readlink, stat } from "node:fs/promises";
import { basename } from "node:path";
import { ifThere, isAbsent } from "../../util/absent.ts";
import { withFile } from "./with-file.ts";

const ROLLOUT = /^rollout-.*\.jsonl$/;
const THREAD_ID = /-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.jsonl$/;
/** The parent stands among a rollout's first members (seen: within 200 bytes). */
const HEAD_BYTES = 2048;

/** True for the path of a regular file that is named like a rollout. */
export async function isRollout(path: string): Promise<boolean> {
  return ROLLOUT.test(basename(path)) && (await statOf(path))?.isFile() === true;
}

/** The conversation's id in a rollout's name: `rollout-<local time>-<thread id>.jsonl`. */
export function threadIdOf(path: string): string | undefined {
  return THREAD_ID.exec(path)?.[1];
}

/**
 * The rollout a codex process writes for its root conversation, found among its open files.
 *
 * Undefined before the first prompt (there is no file yet), when the process is gone, on systems without /proc.
 * Subagents' rollouts are open too and name their parent; of several others the one written last is current.
 */
export async function findOpenRollout(pid: number): Promise<string | undefined> {
  let newest: { path: string; mtime: number } | undefined;
  for (const path of await openRollouts(pid)) {
    const mtime = (await statOf(path))?.mtimeMs;
    if (mtime === undefined || (newest && newest.mtime >= mtime) || (await isSubagents(path))) continue;
    newest = { path, mtime };
  }
  return newest?.path;
}

async function openRollouts(pid: number): Promise<Set<string>> {
  const directory = `/proc/${pid}/fd`;
  const names = await orGone(readdir(directory), []);
  const targets = await Promise.all(names.map((name) => orGone(readlink(`${directory}/${name}`), "")));
  return new Set(targets.filter((path) => ROLLOUT.test(basename(path))));
}

async function isSubagents(path: string): Promise<boolean> {
  const head = await ifThere(withFile(path, readHead));
  return head === undefined || /"parent_thread_id":"|"thread_source":"subagent"/.test(head);
}

async function readHead(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.toString("utf8", 0, bytesRead).split('"base_instructions"')[0] ?? "";
}

function statOf(path: string) {
  return orGone(stat(path), undefined);
}

/** `otherwise` when what is asked about is gone or, being another user's, not ours to see. */
async function orGone<T, U>(asked: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await asked;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (isAbsent(error) || code === "ESRCH" || code === "EACCES" || code === "EPERM") return otherwise;
    throw error;
  }
}
