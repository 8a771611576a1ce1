import { chmod, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeFileAtomic } from "../../util/atomic-file.ts";
import { fill } from "../command-line.ts";
import { expand, firstExpanded } from "../expand.ts";
import { absentIs } from "../search-path.ts";
import type { HookFile, HookSpec } from "../spec.ts";
import { isTrustedFolder } from "./folder-trust.ts";
import { hookScript, jsonHookFile, tomlHookFile } from "./hook-config.ts";
import { mirrorDirectory } from "./mirror.ts";
import type { Provision, ProvisionRequest } from "./provision-types.ts";
import { type TrustRecord, trustRecord } from "./trust-record.ts";
import { createWorktreeFiles } from "./worktree-files.ts";

type FilesHooks = Extract<HookSpec, { strategy: "files" }>;

/** Writes the files a spec declares and names them to the agent by flag or variable. */
export async function provisionFiles(hooks: FilesHooks, request: ProvisionRequest): Promise<Provision> {
  const { plan } = request;
  const values = { ...plan.env, dir: plan.launchDir, worktree: plan.workspacePath };
  const trusted = await trustOf(hooks, request);
  if (hooks.mirror)
    await mirrorDirectory(
      hooks.mirror,
      [...ownPaths(hooks), ...trusted.files.map(({ path }) => path)],
      request,
    );
  for (const { path, text } of trusted.files)
    await writeLaunchFile(join(plan.launchDir, hooks.mirror?.to ?? "", path), text, 0o600);
  const worktree = createWorktreeFiles(plan, request.spec.id);
  for (const file of hooks.files) {
    for (const { path, text, mode } of await contents(file, hooks, request)) {
      if (file.place === "worktree") await worktree.put({ path, kind: file.kind, mode, render: text });
      else await writeLaunchFile(join(plan.launchDir, path), text(await readBase(file, request)), mode);
    }
  }
  return {
    args: hooks.args.map((arg) => fill(arg, values)),
    env: fillKnown({ ...hooks.env, ...trusted.env }, values),
  };
}

/** What makes the agent trust the worktree: variables, and files of its mirror. Nothing where the user does not. */
async function trustOf(
  { trust }: FilesHooks,
  request: ProvisionRequest,
): Promise<{ env: Readonly<Record<string, string>>; files: TrustRecord[] }> {
  if (trust === undefined) return { env: {}, files: [] };
  if ("file" in trust) return { env: (await isTrustedFolder(trust, request)) ? trust.env : {}, files: [] };
  const record = await trustRecord(trust, request);
  return { env: {}, files: record ? [record] : [] };
}

/** A file to write: what it says depends on what is there already. */
interface Content {
  path: string;
  mode: number;
  text(existing: string | undefined): string;
}

async function contents(file: HookFile, hooks: FilesHooks, request: ProvisionRequest): Promise<Content[]> {
  const plain = { path: file.path, mode: 0o600 };
  switch (file.kind) {
    case "json":
      return [{ ...plain, text: (existing) => jsonHookFile({ file, hooks, request, existing }) }];
    case "toml":
      return [{ ...plain, text: (existing) => tomlHookFile({ file, hooks, request, existing }) }];
    case "scripts":
      return Object.keys(request.spec.events).map((event) => ({
        path: join(file.path, event),
        mode: 0o700,
        text: () => hookScript({ file, hooks, request, event }),
      }));
    case "asset": {
      const asset = await readFile(join(import.meta.dirname, "..", file.asset), "utf8");
      return [{ ...plain, text: () => asset }];
    }
  }
}

async function readBase(file: HookFile, { plan }: ProvisionRequest): Promise<string | undefined> {
  const candidates = file.kind === "json" || file.kind === "toml" ? (file.base ?? []) : [];
  for (const candidate of candidates) {
    const path = expand(candidate, plan.env);
    const text = path === undefined ? undefined : await absentIs(undefined, readFile(path, "utf8"));
    if (text !== undefined) return text;
  }
  return undefined;
}

async function writeLaunchFile(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await chmod(dirname(path), 0o700);
  await writeFileAtomic(path, text, mode);
}

/** Paths in the mirror that are ours, relative to it: never linked. */
function ownPaths({ files, mirror }: FilesHooks): string[] {
  if (!mirror) return [];
  const inside = files.filter((file) => file.place === "launch" && file.path.startsWith(`${mirror.to}/`));
  return inside.map((file) => file.path.slice(mirror.to.length + 1));
}

/** Variables that refer to one that is not set are left out. */
function fillKnown(
  templates: Readonly<Record<string, string | readonly string[]>>,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const filled = Object.entries(templates).map(([name, given]) => [
    name,
    firstExpanded([given].flat(), values),
  ]);
  return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
}
