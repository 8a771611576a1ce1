import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { HarnessSpec } from "../spec.ts";

/** Raised with every change of `HarnessSpec`: a spec kept in another form is made anew from its file (own-harnesses.ts). */
export const SPEC_FORMAT = 3;

/** A spec that was trusted, as it is kept: complete, so that reading it needs neither YAML nor a schema. */
export interface TrustedSpec {
  format: number;
  /** Of the file it was made from. */
  digest: string;
  spec: HarnessSpec;
}

/** Specs of the user's that may run, read when they are asked for. */
export interface TrustedSpecs {
  /** Undefined when it is not trusted. What was written since is taken up: a look costs one `stat`. */
  find(id: string): TrustedSpec | undefined;
  /** Ids, sorted. */
  ids(): string[];
}

/** Below the directory of the user's harnesses. */
export const TRUSTED_DIR = ".trusted";
/** Ending of a kept spec; beside it lies the file it was made from. */
export const KEPT_SPEC = ".json";

/** Creates the reader of `dir`, the directory of the user's harnesses; it need not exist. */
export function createTrustedSpecs(dir: string): TrustedSpecs {
  const kept = join(dir, TRUSTED_DIR);
  const known = new Map<string, { mark: string; trusted: TrustedSpec | undefined }>();
  return {
    find(id) {
      const path = join(kept, `${id}${KEPT_SPEC}`);
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (!found) {
        known.delete(id);
        return undefined;
      }
      const mark = `${found.ino} ${found.mtimeNs} ${found.size}`;
      const before = known.get(id);
      if (before?.mark === mark) return before.trusted;
      const trusted = readTrusted(path);
      known.set(id, { mark, trusted });
      return trusted;
    },
    ids: () =>
      namesIn(kept)
        .filter((name) => name.endsWith(KEPT_SPEC))
        .map((name) => name.slice(0, -KEPT_SPEC.length))
        .filter((id) => !id.startsWith("."))
        .sort(),
  };
}

/** Only ao writes there, in one step; another ao may have, in another form. */
function readTrusted(path: string): TrustedSpec | undefined {
  const trusted = JSON.parse(readFileSync(path, "utf8")) as TrustedSpec;
  return trusted.format === SPEC_FORMAT ? trusted : undefined;
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
