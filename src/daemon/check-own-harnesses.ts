import type { HarnessFile, OwnHarnesses } from "../core/ports/own-harnesses.ts";
import type { CheckResult } from "../lifecycle/api.ts";

/** A warning for each file of the user's harnesses that may not run as it stands. */
export async function checkOwnHarnesses(own: Pick<OwnHarnesses, "list">): Promise<CheckResult[]> {
  const files = await own.list();
  return files.flatMap((file) => warning(file) ?? []);
}

function warning({ id, path, trust, problems }: HarnessFile): CheckResult | undefined {
  const name = `harness ${id}`;
  switch (trust) {
    case "trusted":
      return undefined;
    case "untrusted":
      return {
        name,
        level: "warning",
        detail: `${path} is not trusted: it starts no session`,
        hint: `Read it, then \`ao harness trust ${id}\`.`,
      };
    case "changed":
      return {
        name,
        level: "warning",
        detail: `${path} has changed since it was trusted: it starts no session until it is trusted again`,
        hint: `Read it, then \`ao harness trust ${id}\`.`,
      };
    case "invalid": {
      const [first] = problems;
      const where = first ? `:${first.line}:${first.column}: ${first.field} ${first.problem}` : "";
      const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
      return {
        name,
        level: "warning",
        detail: `${path}${where}${more}`,
        hint: `See all of it with \`ao harness check ${id}\`, then mend the file.`,
      };
    }
  }
}
