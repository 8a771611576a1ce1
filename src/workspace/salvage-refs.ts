import { AoError } from "../core/errors.ts";
import { SALVAGE_PREFIX, type Salvage, salvageName } from "../core/ports/workspaces.ts";
import type { Git } from "./git.ts";
import { findCommit } from "./repository.ts";
import { salvageFacts } from "./salvage-record.ts";

const MAX_REFS = 1000;
/** The reflog of a salvage's ref needs a name, and the repository may name nobody. */
const IDENTITY = { GIT_COMMITTER_NAME: "ao", GIT_COMMITTER_EMAIL: "ao@localhost" };
/** Fields are parted by NUL, refs by a byte no message holds. */
const FORMAT = "%(refname)%00%(objectname)%00%(committerdate:unix)%00%(contents)%01";

/** Points a fresh ref at the commit and makes sure that git can read all that it adds to `known`. Returns the ref. */
export async function keepRef(options: {
  git: Git;
  repository: string;
  commit: string;
  known: string;
  sessionId: string;
}): Promise<string> {
  const { git, repository, commit, known, sessionId } = options;
  const ref = await createRef(options);
  const args = ["rev-list", "--objects", "--quiet", ref, `^${known}`];
  const readable = await git.run({ path: repository, args });
  const problem = readable.code === 0 ? `"${ref}" does not lead to ${commit}` : readable.problem;
  if (readable.code !== 0 || (await findCommit(git, repository, ref)) !== commit)
    throw new AoError("SALVAGE_FAILED", { session: sessionId, problem });
  return ref;
}

/** Takes the first name that is free; git itself refuses one that was taken in between. */
async function createRef(options: {
  git: Git;
  repository: string;
  commit: string;
  sessionId: string;
}): Promise<string> {
  const { git, repository, commit, sessionId } = options;
  let problem = "";
  for (const ref of refNames(sessionId)) {
    if ((await findCommit(git, repository, ref)) !== undefined) continue;
    const args = ["update-ref", "--create-reflog", ref, commit, "0".repeat(commit.length)];
    const made = await git.run({ path: repository, args, env: IDENTITY });
    if (made.code === 0) return ref;
    problem = made.problem;
    // "File exists": a git that was killed left its lock on the name.
    if (!/already exists|File exists/.test(problem)) break;
  }
  throw new AoError("SALVAGE_FAILED", { session: sessionId, problem: problem || "too many salvage refs" });
}

function refNames(sessionId: string): string[] {
  return Array.from({ length: MAX_REFS }, (_, index) => {
    const suffix = index === 0 ? "" : `-${index + 1}`;
    return `${SALVAGE_PREFIX}${sessionId}${suffix}`;
  });
}

/** All salvages of a repository, in the order of their refs. */
export async function listSalvages(git: Git, repository: string): Promise<Omit<Salvage, "projectId">[]> {
  const text = await git.must("list the salvages", {
    path: repository,
    args: ["for-each-ref", `--format=${FORMAT}`, "--", SALVAGE_PREFIX],
  });
  return text.split("\x01").flatMap((record) => {
    const [ref, commit, time, ...message] = record.replace(/^\n/, "").split("\0");
    if (!ref || !commit || time === undefined) return [];
    const name = salvageName({ ref });
    const facts = salvageFacts(name, { message: message.join(""), saveTime: Number(time) * 1000 });
    return [{ ...facts, ref, commit }];
  });
}

/** Deletes a salvage that still is this commit; false when it was not. */
export async function dropSalvage(
  git: Git,
  { repository, ref, commit }: { repository: string; ref: string; commit: string },
): Promise<boolean> {
  if ((await findCommit(git, repository, ref)) !== commit) return false;
  await git.must("delete the salvage", { path: repository, args: ["update-ref", "-d", ref, commit] });
  return true;
}
