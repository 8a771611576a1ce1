import { readFile, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { firstExpanded } from "../expand.ts";
import { absentIs } from "../search-path.ts";
import type { TrustListSpec } from "../spec.ts";
import { parseJsonObject } from "./json-merge.ts";
import type { ProvisionRequest } from "./provision-types.ts";

/**
 * True when the user trusts the repository: the nearest directory with a word on it decides. A worktree of it is the
 * same code; without this every session would ask again.
 */
export async function isTrustedFolder(trust: TrustListSpec, { plan }: ProvisionRequest): Promise<boolean> {
  const file = firstExpanded(trust.file, plan.env);
  const text = file === undefined ? undefined : await absentIs(undefined, readFile(file, "utf8"));
  const folders = parseJsonObject(text ?? "{}") ?? {};
  const start = await absentIs(plan.repositoryPath, realpath(plan.repositoryPath));
  for (let path = start, child = ""; path !== child; child = path, path = dirname(path)) {
    if (
      Object.entries(folders).some(
        ([at, value]) => dirname(at) === path && trust.parent.includes(String(value)),
      )
    )
      return true;
    if (Object.hasOwn(folders, path)) return trust.folder.includes(String(folders[path]));
  }
  return false;
}
