import { readdirSync, readFileSync } from "node:fs";

/** One change of one of the agent's own files: what it holds now, or what was added. */
export interface Change {
  ts_ns: number;
  path: string;
  text?: string;
  append?: string;
  /** It was removed. */
  gone?: true;
}

/** What was read of the agent's files before: their text, or how far they were read. */
export type Seen = Map<string, string>;

/** Epoch ns, as fine as the clock. */
export function now(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1e6);
}

/** Names in a directory; none where there is no such directory. */
export function listDir(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Undefined where there is no such file. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** False of what is being written just now. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
