import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { AoError } from "../core/errors.ts";
import type { AoClient } from "./client-types.ts";

/** Id of the project a spawn means: the one named, else the registered one that holds `cwd`. */
export async function findProject(
  client: AoClient,
  where: { named: string | undefined; cwd: string },
): Promise<string> {
  if (where.named !== undefined) return where.named;
  const { projects } = await client.projects.list({ containingPath: where.cwd, pageSize: 1 });
  const found = projects[0];
  if (found) return found.id;
  const repository = repositoryAbove(where.cwd);
  if (repository)
    throw new AoError("PROJECT_NOT_REGISTERED", {
      path: repository,
      hint: "Register it: `ao project add .`",
    });
  throw new AoError("USAGE", {
    problem: `--project is missing, and "${where.cwd}" is in no git repository`,
    hint: "Name one with `--project ID` (see `ao project ls`), or go into a repository first.",
  });
}

/** The git repository that holds a directory, by its .git entry: the CLI itself never runs git. */
function repositoryAbove(directory: string): string | undefined {
  for (let current = directory; ; current = dirname(current)) {
    if (existsSync(join(current, ".git"))) return current;
    if (dirname(current) === current) return undefined;
  }
}
