import type { Stats } from "node:fs";
import { lstat, mkdir, stat, unlink } from "node:fs/promises";
import { connect } from "node:net";
import { dirname } from "node:path";
import { AoError } from "../core/errors.ts";
import { refuseLongSocketPath } from "../core/socket-path.ts";
import { ifThere } from "../util/absent.ts";
import { SOCKET_PATH_LIMIT } from "../util/paths.ts";

/**
 * Makes room for a Unix socket: its directory exists and is private, and no dead socket is in the way.
 *
 * The caller holds the daemon's lock: between probe and bind nobody else makes a socket. Throws SOCKET_PATH_TOO_LONG,
 * SOCKET_UNUSABLE, or ALREADY_RUNNING when somebody answers there all the same.
 */
export async function prepareSocket(path: string): Promise<void> {
  refuseLongSocketPath(path, SOCKET_PATH_LIMIT);
  await makePrivate(dirname(path), path);
  const found = await ifThere(lstat(path));
  if (!found) return;
  if (!found.isSocket()) throw inTheWay(path, found);
  if (await answers(path)) throw new AoError("ALREADY_RUNNING", { path, pid: "unknown" });
  await unlink(path);
}

function inTheWay(path: string, found: Stats): AoError {
  const kind = found.isDirectory() ? "directory" : found.isSymbolicLink() ? "symbolic link" : "file";
  const hint = "ao did not make it: move it away, or set AO_RUN_DIR to another private directory.";
  return new AoError("SOCKET_UNUSABLE", { path, problem: `a ${kind} is there`, hint });
}

/** The directory guards the socket: whoever may enter it may connect. */
async function makePrivate(directory: string, path: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { mode, uid } = await stat(directory);
  if (uid !== process.getuid?.()) {
    throw new AoError("SOCKET_UNUSABLE", { path, problem: "its directory belongs to somebody else" });
  }
  if ((mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8);
    throw new AoError("SOCKET_UNUSABLE", {
      path,
      problem: `its directory is open to others (mode 0${octal})`,
    });
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(false);
      else reject(error);
    });
  });
}
