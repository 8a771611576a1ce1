import { watch } from "node:fs";
import { access, constants, lstat, readdir, readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { CheckResult } from "../lifecycle/api.ts";
import { ifThere } from "../util/absent.ts";
import { type Address, formatAddress } from "../util/address.ts";
import type { Paths } from "../util/paths.ts";

const LOW_DISK_BYTES = 512 * 1024 * 1024;
const LOW_DISK_FILES = 1000;
const DAY_MS = 24 * 60 * 60_000;
/** A certificate is told of this long before its end. */
const RENEW_DAYS = 14;
/** A stamp this far ahead of the clock is no rounding of the file system. */
const AHEAD_MS = 60_000;

/** Whether there is room for what hooks and daemon write. */
export async function checkDisk({ home }: Paths): Promise<CheckResult> {
  const { bavail, bsize, files, ffree } = await statfs(home);
  const free = bavail * bsize;
  const detail = `${Math.round(free / 1024 / 1024)} MiB free at ${home}`;
  const hint = "Free some space: hooks are lost when the disk is full.";
  if (free < LOW_DISK_BYTES) return { name: "disk", level: "warning", detail, hint };
  // File systems without a table of files say 0 of 0.
  if (files > 0 && ffree < LOW_DISK_FILES)
    return { name: "disk", level: "warning", detail: `room for ${ffree} more file(s) at ${home}`, hint };
  return { name: "disk", level: "ok", detail, hint: "" };
}

/** Whether anybody else may read what ao keeps: what stands directly in its home, whatever is deeper is behind it. */
export async function checkFiles({ home, runDir }: Paths): Promise<CheckResult> {
  const paths = [home, runDir, ...(await readdir(home)).map((name) => join(home, name))];
  const open = [...new Set(await filterOpen(paths))];
  if (open.length === 0) return { name: "files", level: "ok", detail: "private", hint: "" };
  const detail = `others may read ${open.slice(0, 3).join(", ")}${open.length > 3 ? ", …" : ""}`;
  const hint = `Close them: chmod go-rwx ${open.map((path) => `"${path}"`).join(" ")}`;
  return { name: "files", level: "error", detail, hint };
}

/** A file may go between the listing and the look. */
async function filterOpen(paths: readonly string[]): Promise<string[]> {
  const looks = paths.map(async (path) => {
    const found = await ifThere(lstat(path));
    return found && !found.isSymbolicLink() && (found.mode & 0o077) !== 0 ? [path] : [];
  });
  return (await Promise.all(looks)).flat();
}

/** Whether the system still lets this user watch directories. Without it the shim finds hooks by looking every second. */
export async function checkWatches({ spoolDir }: Paths): Promise<CheckResult> {
  const name = "watches";
  try {
    watch(spoolDir, { persistent: false }).close();
    return { name, level: "ok", detail: "the system lets ao watch its spool", hint: "" };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === "ENOENT" || code === "ENOTDIR")
      return { name, level: "warning", detail: message, hint: "See the spool below." };
    const limit = code === "ENOSPC" ? "max_user_watches" : "max_user_instances";
    const now = await readLimit(limit);
    const hint = `Raise it: sudo sysctl fs.inotify.${limit}=${Math.max(1024, now * 4)}. Until then signals come up to a second late; none is lost.`;
    return {
      name,
      level: "warning",
      detail: `the system's limit fs.inotify.${limit}=${now} is used up`,
      hint,
    };
  }
}

async function readLimit(name: string): Promise<number> {
  return Number(await readFile(`/proc/sys/fs/inotify/${name}`, "utf8"));
}

/** Whether a process of ao nears its limit of open files; undefined where the system does not tell, or it is gone. */
export async function checkOpenFiles(
  who: "daemon" | "shim",
  pid: number | undefined,
): Promise<CheckResult | undefined> {
  const limits = pid && (await ifThere(readFile(`/proc/${pid}/limits`, "utf8")));
  const limit = Number(/^Max open files +(\d+)/m.exec(limits || "")?.[1]);
  if (!Number.isFinite(limit)) return undefined;
  const used = (await ifThere(readdir(`/proc/${pid}/fd`)))?.length;
  if (used === undefined) return undefined;
  const name = `open files of ${who}`;
  const detail = `${used} of at most ${limit}`;
  if (used < limit * 0.8) return { name, level: "ok", detail, hint: "" };
  const hint =
    "Raise the limit (`ulimit -n 4096`, or LimitNOFILE of its service), then `ao restart`; nothing is lost.";
  return { name, level: "warning", detail, hint };
}

/** Whether the wall clock was set back: the log was written by a daemon that lives on. Undefined while it was not. */
export async function checkClock({ daemonLogPath }: Paths, now: number): Promise<CheckResult | undefined> {
  const written = await ifThere(lstat(daemonLogPath));
  const ahead = (written?.mtimeMs ?? 0) - now;
  if (ahead < AHEAD_MS) return undefined;
  return {
    name: "clock",
    level: "warning",
    detail: `the clock was set back: the log was written ${Math.round(ahead / 60_000)} min in the future`,
    hint: "Times and orders of that hour may look wrong; no signal is lost. See that the clock is kept by NTP.",
  };
}

/** Whether hooks can write into the spool. */
export async function checkSpoolWritable({ spoolDir }: Paths): Promise<string | undefined> {
  try {
    await access(spoolDir, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === "ENOENT" ? undefined : message;
  }
}

/** The TLS listener and how long its certificate lasts; undefined without one. */
export function checkTls(
  tls: { address: Address; expireTime: number } | undefined,
  now: number,
): CheckResult | undefined {
  if (!tls) return undefined;
  const days = Math.floor((tls.expireTime - now) / DAY_MS);
  const at = `listens at ${formatAddress(tls.address)} with TLS`;
  if (days >= RENEW_DAYS)
    return { name: "tls", level: "ok", detail: `${at}; the certificate lasts ${days} days`, hint: "" };
  const hint = "Make a new certificate, then `ao restart`.";
  if (days >= 0)
    return { name: "tls", level: "warning", detail: `${at}; the certificate ends in ${days} day(s)`, hint };
  return {
    name: "tls",
    level: "error",
    detail: `${at}; the certificate has expired: clients refuse it`,
    hint,
  };
}
