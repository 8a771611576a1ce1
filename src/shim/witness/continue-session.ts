import { open } from "node:fs/promises";
import { basename } from "node:path";
import { ifThere } from "../../util/absent.ts";

/** A conversation as its file tells it. */
export interface ContinueSession {
  id: string;
  path: string;
  /** Directory it was begun in. */
  workspace: string;
  /** When its file was made, epoch ms. */
  at: number;
}

/** The directory stands before the history, behind a title. */
const HEAD_BYTES = 16 * 1024;
const WORKSPACE = /"workspaceDirectory":\s*("(?:[^"\\]|\\.)*")/;

/**
 * Reads the head of `~/.continue/sessions/<id>.json`. Seen with 1.5.47: written as a whole, in place, at each prompt and
 * answer; `{"sessionId":"…","title":"…","workspaceDirectory":"/abs","history":[…`.
 *
 * `older` than `since` (epoch ms): of an earlier process, for each begins a file of its own. `unreadable`: gone, or not
 * written yet.
 */
export async function readContinueSession(
  path: string,
  since: number,
): Promise<ContinueSession | "older" | "unreadable"> {
  const file = await ifThere(open(path, "r"));
  if (!file) return "unreadable";
  try {
    const { birthtimeMs, mtimeMs } = await file.stat();
    // File systems without a time of birth give another time for it, or none.
    const at = birthtimeMs > 0 ? Math.min(birthtimeMs, mtimeMs) : mtimeMs;
    if (at < since) return "older";
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const workspace = workspaceIn(buffer.toString("utf8", 0, bytesRead));
    return workspace === undefined
      ? "unreadable"
      : { id: basename(path, ".json"), path, workspace, at: Math.floor(at) };
  } finally {
    await file.close();
  }
}

function workspaceIn(head: string): string | undefined {
  const found = WORKSPACE.exec(head)?.[1];
  if (found === undefined) return undefined;
  try {
    return String(JSON.parse(found));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
