import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { git } from "./fixture.ts";

/** Everything below a folder by path, one character per byte; the worktree's own `.git` file left out. */
export function treeModel(root: string): Record<string, string> {
  const model: Record<string, string> = {};
  const visit = (directory: Buffer, prefix: string) => {
    const entries = readdirSync(directory, { encoding: "buffer" });
    if (entries.length === 0) model[`${prefix}/`] = "empty";
    for (const name of entries) {
      const at = Buffer.concat([directory, Buffer.from("/"), name]);
      const path = prefix === "" ? name.toString("latin1") : `${prefix}/${name.toString("latin1")}`;
      const found = lstatSync(at);
      if (path === ".git" && found.isFile()) continue;
      if (found.isDirectory()) visit(at, path);
      else if (found.isSymbolicLink()) model[path] = `-> ${readlinkSync(at, "latin1")}`;
      else if (found.isFile()) model[path] = `${found.mode & 0o777} ${digest(readFileSync(at))}`;
    }
  };
  visit(Buffer.from(root), "");
  return model;
}

function digest(data: Buffer): string {
  if (data.length < 80) return data.toString("latin1");
  return `${data.length} ${createHash("sha256").update(data).digest("hex")}`;
}

/** What git says of a worktree: staged, unstaged, in conflict, untracked. */
export function statusModel(root: string): string {
  return git(root, "status", "--porcelain=v2", "--untracked-files=all", "--ignored=matching");
}
