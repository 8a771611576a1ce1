import { createHash } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { fill } from "../command-line.ts";
import { firstExpanded } from "../expand.ts";
import { absentIs } from "../search-path.ts";
import type { TrustRecordSpec } from "../spec.ts";
import { parseJsonObject } from "./json-merge.ts";
import type { ProvisionRequest } from "./provision-types.ts";

const MAX_SLUG = 40;
const HASH_DIGITS = 12;

/** A file of the agent's mirror, its path relative to the mirror. */
export interface TrustRecord {
  path: string;
  text: string;
}

/**
 * The record that has the agent trust the worktree: the user's own of the repository, with the worktree in its place.
 * Undefined where the user has given the repository no trust, and where the record there is cannot be read.
 */
export async function trustRecord(
  trust: TrustRecordSpec,
  { plan }: ProvisionRequest,
): Promise<TrustRecord | undefined> {
  const records = firstExpanded(trust.records, plan.env);
  if (records === undefined) return undefined;
  const [repository, worktree] = await Promise.all([plan.repositoryPath, plan.workspacePath].map(resolved));
  if (repository === undefined || worktree === undefined) return undefined;
  const path = join(records, recordName(trust, repository));
  const text = await absentIs(undefined, readFile(path, "utf8"));
  const record = text === undefined ? undefined : parseJsonObject(text);
  if (record?.[trust.pathKey] !== repository) return undefined;
  return {
    path: `${trust.to}/${recordName(trust, worktree)}`,
    text: JSON.stringify({ ...record, [trust.pathKey]: worktree }),
  };
}

function resolved(path: string): Promise<string | undefined> {
  return absentIs(undefined, realpath(path));
}

function recordName({ name }: TrustRecordSpec, directory: string): string {
  const hash = createHash("sha256").update(directory).digest("hex").slice(0, HASH_DIGITS);
  return fill(name, { slug: slugOf(directory), hash });
}

/** The directory's last part as kimi writes it. */
function slugOf(directory: string): string {
  const edges = /^-+|-+$/g;
  const plain = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(edges, "");
  return plain.slice(0, MAX_SLUG).replace(edges, "") || "workspace";
}
