import type { Salvage } from "../core/ports/workspaces.ts";
import type { BytePath } from "./byte-path.ts";

/**
 * What a salvage knows beside its trees; `manifest.json` in the tree of its last parent. Paths have one character per
 * byte.
 */
export interface SalvageManifest {
  version: 1;
  sessionId: string;
  branch: string;
  /** Commit the worktree was on; the first parent too. */
  head: string;
  /** Ref HEAD named, such as "refs/heads/ao/web-1"; empty when detached. */
  headRef: string;
  /** Where the worktree stood. */
  path: string;
  /** False when the folder was gone: the files are those of the index. */
  isThere: boolean;
  /** Files a checkout of `head` gives, byte for byte, though their blobs hold other bytes. */
  smudged: BytePath[];
  /** Files git takes into no tree; the number is the name in `odd/`. */
  odd: { path: BytePath; mode: string; permissions: number }[];
  /** Permission bits of files and folders that are not the usual ones. */
  permissions: { path: BytePath; mode: number }[];
  emptyDirectories: BytePath[];
  /** Submodules whose own git directory is kept in `git/modules/<name>`. */
  modules: { path: BytePath; name: BytePath }[];
  /** Folders that were not kept: some tool makes them again. */
  caches: BytePath[];
  /** FIFOs, sockets and devices, which hold no bytes. */
  special: BytePath[];
}

/** Facts that stand in the commit's message, so that a list needs no further look. */
export type SalvageFacts = Omit<Salvage, "projectId" | "ref" | "commit">;

const KEYS = {
  session: "Ao-Session",
  branch: "Ao-Branch",
  files: "Ao-Files",
  bytes: "Ao-Bytes",
  commits: "Ao-Commits",
  subject: "Ao-Subject",
  operation: "Ao-Operation",
} as const;

/** The message of a salvage commit. */
export function salvageMessage(facts: SalvageFacts): string {
  const line = (text: string) => text.replaceAll(/\p{Cc}/gu, " ").trim();
  return [
    `ao: work of session ${facts.sessionId}, saved when it was removed`,
    "",
    `Restore it: ao session salvage restore ${facts.sessionId}`,
    "",
    `${KEYS.session}: ${facts.sessionId}`,
    `${KEYS.branch}: ${line(facts.branch)}`,
    `${KEYS.files}: ${facts.fileCount}`,
    `${KEYS.bytes}: ${facts.sizeBytes}`,
    `${KEYS.commits}: ${facts.commitCount}`,
    `${KEYS.subject}: ${line(facts.subject)}`,
    `${KEYS.operation}: ${facts.operation}`,
    "",
  ].join("\n");
}

/** Reads what `salvageMessage` wrote; of another commit at the ref what can be told. */
export function salvageFacts(name: string, commit: { message: string; saveTime: number }): SalvageFacts {
  const field = (key: keyof typeof KEYS) =>
    new RegExp(`^${KEYS[key]}: (.*)$`, "m").exec(commit.message)?.[1] ?? "";
  const isOurs = field("session") !== "";
  return {
    sessionId: field("session") || name,
    branch: field("branch"),
    subject: isOurs ? field("subject") : (commit.message.split("\n")[0] ?? ""),
    fileCount: Number(field("files")),
    commitCount: Number(field("commits")),
    sizeBytes: Number(field("bytes")),
    operation: field("operation"),
    saveTime: commit.saveTime,
  };
}
