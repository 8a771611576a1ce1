import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import * as assert from "uvu/assert";
import { git, reasonOf, workshop, write } from "./fixture.ts";
import { treeModel } from "./tree-model.ts";

type Shop = ReturnType<typeof workshop>;

/** One thing that happens to a worktree. */
export type Happening =
  | { kind: "write"; path: string; text: string }
  | { kind: "delete" | "executable" | "stage" | "hide" | "repository"; path: string }
  | { kind: "move"; path: string; to: string }
  | { kind: "link"; path: string; target: string }
  | { kind: "git"; args: readonly string[] };

const PATHS = [
  "file.txt",
  "a",
  "dir/c",
  "dir/d",
  "dir",
  "a/deep",
  "ü n",
  ".env",
  "ignored/x",
  ".gitattributes",
];
const TEXTS = [
  ...[
    "",
    "one\n",
    "a\r\nb\n",
    "x".repeat(3000),
    "\0\u0001binary",
    "* filter=hide\n",
    "*.txt text eol=crlf\n",
  ],
  ...["hidden secret\n", "<<<<<<< ours\n", "*.tmp\nignored/\n"],
];
/** What people and agents type; some of it fails in some states, as it does for them. */
const COMMANDS: readonly string[][] = [
  ["add", "--all"],
  ["commit", "--all", "-m", "work"],
  ["commit", "--allow-empty", "-m", "empty"],
  ["commit", "--amend", "--allow-empty", "-m", "amended"],
  ["reset", "--hard", "HEAD~1"],
  ["reset", "--soft", "HEAD~1"],
  ["checkout", "--detach"],
  ["checkout", "-f", "main^{commit}"],
  ["checkout", "-b", "feature"],
  ["checkout", "ao/demo-1"],
  ["stash", "push", "--include-untracked"],
  ["stash", "pop"],
  ["merge", "theirs"],
  ["rebase", "theirs"],
  ["cherry-pick", "theirs"],
  ["rm", "-r", "--cached", "."],
  ["worktree", "add", "--detach", "inner"],
  ["update-index", "--split-index"],
  ["gc", "--quiet", "--prune=now"],
];

const path = fc.constantFrom(...PATHS);

/** Stories of a worktree. */
export const stories: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("write" as const),
        path,
        text: fc.oneof(fc.constantFrom(...TEXTS), fc.string({ maxLength: 20 })),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom("delete", "executable", "stage", "hide", "repository"),
        path,
      }) as fc.Arbitrary<Happening>,
    },
    fc.record({ kind: fc.constant("move" as const), path, to: path }),
    fc.record({
      kind: fc.constant("link" as const),
      path,
      target: fc.constantFrom("file.txt", "/nowhere", "dir"),
    }),
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant("git" as const), args: fc.constantFrom(...COMMANDS) }),
    },
  ),
  { maxLength: 14 },
);

/** Gives the repository a filter that loses lines, and a branch that others work on. */
export function prepareRepository(shop: Shop): void {
  git(shop.repository, "config", "filter.hide.clean", "sed /secret/d");
  git(shop.repository, "config", "user.name", "Agent");
  git(shop.repository, "config", "user.email", "agent@localhost");
  git(shop.repository, "checkout", "--quiet", "-b", "theirs");
  write(shop.repository, "file.txt", "theirs\n");
  shop.commit("theirs", shop.repository);
  git(shop.repository, "checkout", "--quiet", "main");
}

/** Lets it happen. */
export function happen(shop: Shop, what: Happening): void {
  const at = (name: string) => join(shop.path, name);
  switch (what.kind) {
    case "write":
      makeRoom(shop, what.path);
      write(shop.path, what.path, what.text);
      return;
    case "delete":
      rmSync(at(what.path), { recursive: true, force: true });
      return;
    case "executable":
      if (existsSync(at(what.path)) && !lstatSync(at(what.path)).isSymbolicLink())
        chmodSync(at(what.path), 0o755);
      return;
    case "stage":
      tryGit(shop.path, "add", "--force", "--", what.path);
      return;
    case "hide":
      tryGit(shop.path, "update-index", "--assume-unchanged", what.path);
      return;
    case "repository":
      makeRoom(shop, `${what.path}/x`);
      mkdirSync(at(what.path), { recursive: true });
      tryGit(at(what.path), "init", "--quiet");
      write(at(what.path), "inside", "inside");
      tryGit(at(what.path), "add", "inside");
      tryGit(at(what.path), "commit", "--quiet", "-m", "inside");
      return;
    case "move":
      if (!existsSync(at(what.path)) || `${what.to}/`.startsWith(`${what.path}/`)) return;
      if (`${what.path}/`.startsWith(`${what.to}/`)) return;
      makeRoom(shop, what.to);
      mkdirSync(dirname(at(what.to)), { recursive: true });
      if (existsSync(at(what.path))) renameSync(at(what.path), at(what.to));
      return;
    case "link":
      makeRoom(shop, what.path);
      mkdirSync(dirname(at(what.path)), { recursive: true });
      symlinkSync(what.target, at(what.path));
      return;
    case "git":
      tryGit(shop.path, ...what.args);
      return;
  }
}

/** Takes away what stands at a path, and files that stand where it needs folders. */
function makeRoom(shop: Shop, path: string): void {
  const names = path.split("/");
  for (const [index] of names.entries()) {
    const at = join(shop.path, ...names.slice(0, index + 1));
    const isLast = index === names.length - 1;
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found && (isLast || !found.isDirectory())) rmSync(at, { recursive: true });
  }
}

/** Git may refuse: that is part of the story. It never waits for an editor. */
function tryGit(at: string, ...args: string[]): void {
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", GIT_EDITOR: "true" };
  const identity = ["-c", "user.name=Agent", "-c", "user.email=agent@localhost"];
  spawnSync("git", [...identity, "-C", at, ...args], { env, stdio: "ignore", timeout: 20_000 });
}

/** Everything that must be found again. */
export interface Witnessed {
  files: Record<string, string>;
  head: string;
  index: string;
  commits: string[];
}

/** Notes files, the index, and every commit that can be reached from the worktree. */
export function witness(shop: Shop): Witnessed {
  return {
    files: treeModel(shop.path),
    head: git(shop.path, "rev-parse", "HEAD"),
    index: git(shop.path, "ls-files", "--stage"),
    commits: git(shop.path, "rev-list", "--all", "--reflog", "HEAD").split("\n"),
  };
}

/** Throws unless all that was noted is found in the salvage, or needed none. */
export async function assertNothingLost(
  shop: Shop,
  before: Witnessed,
  salvageRef: string | undefined,
): Promise<void> {
  assert.not(existsSync(shop.path), "the worktree is gone");
  const kept = new Set(git(shop.repository, "rev-list", "--all").split("\n"));
  for (const commit of before.commits) assert.ok(kept.has(commit), `commit ${commit} is reachable`);
  const back = join(shop.base, "back");
  if (salvageRef === undefined) git(shop.repository, "worktree", "add", "--detach", back, before.head);
  else {
    const { repository } = shop;
    await shop.workspaces.restoreSalvage({ repository, ref: salvageRef, path: back, branch: "back" });
  }
  assert.equal(treeModel(back), before.files);
  assert.is(git(back, "ls-files", "--stage"), before.index);
}

/** A lock is obeyed, loses nothing, and is no obstacle once it is gone. */
export async function removeWhenUnlocked(shop: Shop): Promise<void> {
  git(shop.repository, "worktree", "lock", shop.path);
  const before = treeModel(shop.path);
  assert.is(await reasonOf(shop.workspaces.remove(shop.session)), "WORKSPACE_FAILED");
  assert.equal(treeModel(shop.path), before);
  git(shop.repository, "worktree", "unlock", shop.path);
}

/** Whatever happened to a worktree: every byte and every commit is found again after its removal. */
export async function checkStories(numRuns: number): Promise<void> {
  const property = fc.asyncProperty(stories, fc.nat(9), async (story, luck) => {
    using shop = workshop();
    prepareRepository(shop);
    await shop.workspaces.create(shop.place);
    for (const what of story) happen(shop, what);
    if (luck === 0) await removeWhenUnlocked(shop);
    const before = witness(shop);
    const { salvageRef } = await shop.workspaces.remove(shop.session);
    await assertNothingLost(shop, before, salvageRef);
  });
  await fc.assert(property, { includeErrorInReport: true, numRuns });
}
