import { mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { AoError } from "../../core/errors.ts";
import { firstExpanded } from "../expand.ts";
import { absentIs } from "../search-path.ts";
import type { MirrorSpec } from "../spec.ts";
import type { ProvisionRequest } from "./provision-types.ts";

/**
 * Makes a private copy of the agent's own directory out of links, so that a file of ours can stand among the user's.
 *
 * A directory in which one of ours stands is real, and its other entries are links in turn.
 */
export async function mirrorDirectory(
  mirror: MirrorSpec,
  own: readonly string[],
  { spec, plan }: ProvisionRequest,
): Promise<void> {
  const source = firstExpanded(mirror.from, plan.env);
  if (source === undefined) {
    throw new AoError("HARNESS_SETUP_FAILED", {
      harness: spec.id,
      problem: `its own directory cannot be told: none of ${mirror.from.join(", ")} is set`,
    });
  }
  for (const name of mirror.make) await mkdir(join(source, name), { recursive: true, mode: 0o700 });
  await link({ from: source, to: join(plan.launchDir, mirror.to), own, expect: mirror.expect });
}

async function link(one: {
  from: string;
  to: string;
  own: readonly string[];
  expect: readonly string[];
}): Promise<void> {
  const { from, to, own, expect } = one;
  await mkdir(to, { recursive: true, mode: 0o700 });
  const names = new Set([...(await absentIs([], readdir(from))), ...expect]);
  for (const name of names) {
    if (own.includes(name)) continue;
    const below = own
      .filter((path) => path.startsWith(`${name}/`))
      .map((path) => path.slice(name.length + 1));
    const [inner, outer] = [join(to, name), join(from, name)];
    if (below.length > 0) await link({ from: outer, to: inner, own: below, expect: [] });
    else await symlink(outer, inner);
  }
}
