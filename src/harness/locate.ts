import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { LocatedBinary } from "../core/ports/harnesses.ts";
import { isExecutable, nativeBinary } from "./native-binary.ts";
import { searchPath } from "./search-path.ts";
import type { BinarySpec } from "./spec.ts";

const VERSION_DEADLINE_MS = 5_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Finds an agent's binary and asks it for its version. */
export type BinaryLocator = (env: Environment) => Promise<LocatedBinary | undefined>;

/**
 * Creates the locator of one harness. It looks every time, for agents come and go; the version is remembered by path,
 * modification time and size, and is empty when the binary does not tell within 5 s.
 */
export function createLocator(spec: BinarySpec): BinaryLocator {
  const versions = new Map<string, Promise<string>>();
  return async (env) => {
    const path = await find(spec, env);
    if (path === undefined) return undefined;
    const { mtimeMs, size } = await stat(path);
    const key = `${path}\0${mtimeMs}\0${size}`;
    const asked = versions.get(key) ?? askVersion(spec, path, env);
    versions.set(key, asked);
    const version = await asked;
    if (version === "") versions.delete(key);
    if (version === "" && spec.strict) return undefined;
    return { path, version };
  };
}

async function find(spec: BinarySpec, env: Environment): Promise<string | undefined> {
  const override = env[spec.variable];
  if (override) {
    const path = resolve(override);
    return (await isExecutable(path)) ? nativeBinary(path, spec.native) : undefined;
  }
  if (spec.bundled !== undefined) return join(import.meta.dirname, spec.bundled);
  for (const dir of await searchPath(env, spec.extraDirs)) {
    for (const name of spec.names) {
      const path = join(dir, name);
      if (await isExecutable(path)) return nativeBinary(path, spec.native);
    }
  }
  return undefined;
}

function askVersion(spec: BinarySpec, path: string, env: Environment): Promise<string> {
  return new Promise((resolveVersion) => {
    const child = execFile(
      path,
      [...spec.versionArgs],
      { env: { ...env }, timeout: VERSION_DEADLINE_MS, killSignal: "SIGKILL", maxBuffer: 64 * 1024 },
      // A binary that fails to tell its version is still found: what it says then is no version.
      (_error, stdout) => resolveVersion(new RegExp(spec.versionPattern, "m").exec(stdout)?.[1] ?? ""),
    );
    child.stdin?.end();
  });
}
