import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { AoError } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import type { HarnessFile, HarnessProblem, OwnHarnesses } from "../../core/ports/own-harnesses.ts";
import { writeFileAtomic } from "../../util/atomic-file.ts";
import { createHarness } from "../create-harness.ts";
import { absentIs } from "../search-path.ts";
import type { HarnessReading } from "./read-harness.ts";
import {
  createTrustedSpecs,
  KEPT_SPEC,
  SPEC_FORMAT,
  TRUSTED_DIR,
  type TrustedSpec,
} from "./trusted-specs.ts";

const FILE = ".yaml";

/**
 * The user's own harnesses below `dir`: `<id>.yaml`, and in `.trusted` those that may run, as they were when the user
 * trusted them.
 *
 * A file decides what ao executes, so nothing in it counts before the user has trusted these very bytes.
 */
export function createOwnHarnesses(options: { dir: string; builtInIds: readonly string[] }): OwnHarnesses & {
  /** Makes kept specs of another form of the schema anew; those it cannot make are left out of the registry. */
  renew(): Promise<void>;
} {
  const { dir, builtInIds } = options;
  const kept = join(dir, TRUSTED_DIR);
  const trusted = createTrustedSpecs(dir);
  const pathOf = (id: string) => join(dir, `${id}${FILE}`);
  const keptAs = (id: string, ending: string) => join(kept, `${id}${ending}`);
  const read = (id: string) => (isId(id) ? absentIs(undefined, readFile(pathOf(id))) : undefined);

  const judge = async (bytes: Uint8Array, id: string): Promise<HarnessReading> => {
    // Loaded here: whoever has no harness of his own pays for neither parser nor schema.
    const { readHarness } = await import("./read-harness.ts");
    const reading = readHarness(new TextDecoder("utf-8").decode(bytes));
    if (!reading.spec) return reading;
    const problems = nameProblems(reading.spec.id, { file: id, builtInIds, ...reading.at(["id"]) });
    return problems.length > 0 ? { problems } : reading;
  };
  const describe = async (id: string, bytes: Uint8Array): Promise<HarnessFile> => {
    const { spec, problems } = await judge(bytes, id);
    const digest = digestOf(bytes);
    const before = await absentIs(undefined, readFile(keptAs(id, FILE)));
    const state = before === undefined ? "untrusted" : digestOf(before) === digest ? "trusted" : "changed";
    const trust = spec ? state : "invalid";
    return { id, displayName: spec?.displayName ?? id, path: pathOf(id), digest, trust, problems };
  };
  const find = async (id: string) => {
    const bytes = await read(id);
    return bytes && describe(id, bytes);
  };
  const keep = async (id: string, bytes: Uint8Array, spec: TrustedSpec["spec"]) => {
    await mkdir(kept, { recursive: true, mode: 0o700 });
    // The file first: a spec without its file would count as trusted and could not be made anew.
    await writeFileAtomic(keptAs(id, FILE), bytes);
    const made: TrustedSpec = { format: SPEC_FORMAT, digest: digestOf(bytes), spec };
    await writeFileAtomic(keptAs(id, KEPT_SPEC), JSON.stringify(made));
  };

  return {
    async list() {
      const names = await absentIs([], readdir(dir));
      const ids = names.filter((name) => name.endsWith(FILE)).map((name) => name.slice(0, -FILE.length));
      const files = await Promise.all(ids.sort().map(find));
      return files.filter((file) => file !== undefined);
    },
    find,
    async check(text, id) {
      const bytes = Buffer.from(text);
      const reading = await judge(bytes, id);
      const { spec, problems } = reading;
      const advice = reading.spec ? reading.advice : [];
      return { harness: spec && createHarness(spec), digest: digestOf(bytes), problems, advice };
    },
    async trust(id, digest) {
      const bytes = await read(id);
      if (!bytes)
        throw new AoError("HARNESS_NOT_FOUND", { harness: id, hint: `There is no "${pathOf(id)}".` });
      if (digestOf(bytes) !== digest) throw new AoError("HARNESS_CHANGED", { harness: id, path: pathOf(id) });
      const { spec, problems } = await judge(bytes, id);
      if (!spec) throw invalid(id, pathOf(id), problems);
      await keep(id, bytes, spec);
    },
    async distrust(id) {
      if (!isId(id)) return;
      for (const ending of [KEPT_SPEC, FILE]) await rm(keptAs(id, ending), { force: true });
    },
    async requireTrust(id) {
      if (builtInIds.includes(id)) return;
      const file = await find(id);
      switch (file?.trust) {
        case "trusted":
          return;
        case undefined:
          if (trusted.find(id))
            throw new AoError("HARNESS_NOT_FOUND", {
              harness: id,
              hint: `Its file "${pathOf(id)}" is gone.`,
            });
          return;
        case "changed":
        case "untrusted":
          throw new AoError("HARNESS_NOT_TRUSTED", { harness: id, path: file.path, state: file.trust });
        case "invalid":
          throw invalid(id, file.path, file.problems);
      }
    },
    async renew() {
      for (const id of trusted.ids()) {
        if (trusted.find(id)) continue;
        const bytes = await absentIs(undefined, readFile(keptAs(id, FILE)));
        const spec = bytes && (await judge(bytes, id)).spec;
        if (bytes && spec) await keep(id, bytes, spec);
      }
    },
  };
}

function nameProblems(
  id: string,
  known: { file: string; builtInIds: readonly string[]; line: number; column: number },
): HarnessProblem[] {
  const { file, builtInIds, line, column } = known;
  const problems = [
    ...(builtInIds.includes(id)
      ? [`"${id}" ships with ao: choose another id, and call the file after it`]
      : []),
    ...(file !== "" && file !== id ? [`must be "${file}", as the file is called; got "${id}"`] : []),
  ];
  return problems.map((problem) => ({ line, column, field: "id", problem }));
}

function invalid(id: string, path: string, problems: readonly HarnessProblem[]): AoError {
  const [first] = problems;
  const where = first ? `${first.line}:${first.column} ${first.field} ${first.problem}` : "";
  return new AoError("HARNESS_INVALID", { harness: id, path, problem: where, problems: problems.length });
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
