import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { AoError } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import type { Paths } from "../../util/paths.ts";

/** A harness's file as a person names it. */
export interface NamedHarnessFile {
  path: string;
  /** The id it must have; empty where any will do, as for a draft outside AO_HOME/harnesses. */
  id: string;
  text: string;
}

/** Reads the file of a harness's id, or at a path. Throws USAGE, HARNESS_NOT_FOUND. */
export async function readHarnessFile(
  name: string,
  { paths, cwd }: { paths: Paths; cwd: () => string },
): Promise<NamedHarnessFile> {
  const isPath = name.includes("/") || name.endsWith(".yaml") || name.endsWith(".yml");
  const path = isPath ? resolve(cwd(), name) : harnessPath(paths, name);
  const inPlace = path === join(paths.harnessesDir, basename(path));
  try {
    return {
      path,
      id: inPlace ? basename(path).replace(/\.ya?ml$/, "") : "",
      text: await readFile(path, "utf8"),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    if (code === "ENOENT" && !isPath) {
      const hint = `There is no "${path}"; make it with \`ao harness new ${name}\`.`;
      throw new AoError("HARNESS_NOT_FOUND", { harness: name, hint });
    }
    const problem = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new AoError("USAGE", {
      problem: `"${path}" ${problem}`,
      hint: "Give a harness's id, or the path of its YAML file.",
    });
  }
}

/** Where the user's harness of this id lies. Throws USAGE for what is no id. */
export function harnessPath({ harnessesDir }: Paths, id: string): string {
  if (isId(id)) return join(harnessesDir, `${id}.yaml`);
  throw new AoError("USAGE", {
    problem: `"${id}" cannot be a harness's id`,
    hint: "Use 1 to 63 of a-z, 0-9 and -, not beginning with -.",
  });
}
