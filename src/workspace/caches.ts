import type { BytePath } from "./byte-path.ts";
import { openScanned } from "./scan-tree.ts";

/** Folders that tools fill and fill again, by name. They count as such only where git ignores them. */
const NAMES: ReadonlySet<string> = new Set([
  ...["node_modules", "bower_components", ".next", ".nuxt", ".turbo", ".parcel-cache", ".svelte-kit"],
  ...["__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox", ".eggs", ".gradle"],
]);
/** First line of a CACHEDIR.TAG (bford.info/cachedir); cargo's `target`, ccache, restic and others write it. */
const SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55";

/** True for a folder whose content some tool makes again. `names` is what is in it. */
export async function isCache(root: string, path: BytePath, names: readonly string[]): Promise<boolean> {
  if (NAMES.has(path.slice(path.lastIndexOf("/") + 1))) return true;
  // A Python environment: its marker is written by `python -m venv` and virtualenv.
  if (names.includes("pyvenv.cfg")) return true;
  return names.includes("CACHEDIR.TAG") && (await startsWith(root, `${path}/CACHEDIR.TAG`, SIGNATURE));
}

async function startsWith(root: string, path: BytePath, text: string): Promise<boolean> {
  const file = await openScanned(root, path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(text.length), 0, text.length, 0);
    return buffer.toString("latin1", 0, bytesRead) === text;
  } finally {
    await file.close();
  }
}
