import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Absolute paths of this installation's own files. */
export interface Install {
  version: string;
  hookCommand: string;
  runCommand: string;
  descriptors: string;
}

export function findInstall(): Install {
  const at = (path: string) => join(import.meta.dirname, "../..", path);
  const { version } = JSON.parse(readFileSync(at("package.json"), "utf8")) as { version: string };
  return {
    version,
    hookCommand: at("bin/ao-hook"),
    runCommand: at("bin/ao-run"),
    descriptors: at("gen/ao.binpb"),
  };
}
