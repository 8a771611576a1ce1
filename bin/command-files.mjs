import { globSync } from "node:fs";
import { join } from "node:path";

/** The commands of the sources below `root` by the ids oclif gives them: a topic's own command is its `index.ts`. */
export function commandFiles(root) {
  const files = globSync("**/*.ts", { cwd: join(root, "src/cli/commands") }).map((file) =>
    file.replaceAll("\\", "/"),
  );
  return files.map((file) => ({ id: file.replace(/(\/index)?\.ts$/, "").replaceAll("/", ":"), file }));
}
