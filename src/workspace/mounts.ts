import { readFile, realpath } from "node:fs/promises";
import { join, relative } from "node:path";
import { AoError } from "../core/errors.ts";
import { ifThere } from "../util/absent.ts";

/** The kernel's list of what is mounted where (proc(5)); only Linux has it. */
const MOUNTS_FILE = "/proc/self/mountinfo";

/**
 * Throws WORKSPACE_FAILED when another file system, or another folder of the same one (a bind mount), hangs at `path`
 * or below it: to delete what is in it would delete somebody else's files, and a device number does not tell.
 */
export async function refuseMounted(path: string): Promise<void> {
  const root = await realpath(path);
  const found = (await mountPoints()).find((point) => point === root || point.startsWith(`${root}/`));
  if (found === undefined) return;
  throw mounted(path, relative(root, found));
}

/** The error for a worktree with something mounted at `inside`, a path relative to it. */
function mounted(path: string, inside: string): AoError {
  return new AoError("WORKSPACE_FAILED", {
    action: "remove the worktree",
    path,
    problem: inside === "" ? "something is mounted there" : `something is mounted at "${inside}" in it`,
    hint: `Nothing was touched. \`umount ${join(path, inside)}\` takes it away; then try again.`,
  });
}

/** Mount points of this process, in no order; none where the system keeps no such list. */
async function mountPoints(): Promise<string[]> {
  const text = (await ifThere(readFile(MOUNTS_FILE, "utf8"))) ?? "";
  return text.split("\n").flatMap((line) => unescaped(line.split(" ")[4]) ?? []);
}

/** The kernel writes blanks and backslashes as three octal digits. */
function unescaped(field: string | undefined): string | undefined {
  return field?.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
