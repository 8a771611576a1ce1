import { chmod, mkdir, stat } from "node:fs/promises";
import type { Paths } from "../util/paths.ts";

/** Makes ao's directories, 0700 whatever the umask; throws when one of them belongs to somebody else. */
export async function makePrivateDirs(paths: Paths): Promise<void> {
  for (const dir of [paths.home, paths.runDir, paths.spoolDir, paths.sessionsDir, paths.worktreesDir]) {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const { uid, mode } = await stat(dir);
    if (process.getuid && uid !== process.getuid()) {
      throw new Error(`directory "${dir}" belongs to user ${uid}, not to ${process.getuid()}`);
    }
    if ((mode & 0o077) !== 0) await chmod(dir, 0o700);
  }
}
