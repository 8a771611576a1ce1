import { createHash } from "node:crypto";

const MAX_DEPTH = 64;

/**
 * First 16 hex digits of the SHA-256 of a tool's input as canonical JSON (keys sorted), without the top-level keys in
 * `ignored`; undefined when there is no input or it is nested deeper than 64.
 */
export function digestInput(input: unknown, ignored: readonly string[]): string | undefined {
  if (input === undefined || input === null) return undefined;
  const text = canonical(withoutKeys(input, ignored), 0);
  if (text === undefined) return undefined;
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function withoutKeys(input: unknown, ignored: readonly string[]): unknown {
  if (typeof input !== "object" || Array.isArray(input) || input === null) return input;
  return Object.fromEntries(Object.entries(input).filter(([key]) => !ignored.includes(key)));
}

function canonical(value: unknown, depth: number): string | undefined {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (depth === MAX_DEPTH) return undefined;
  const parts = Array.isArray(value)
    ? value.map((item) => canonical(item, depth + 1))
    : Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => {
          const text = canonical(item, depth + 1);
          return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`;
        });
  if (parts.includes(undefined)) return undefined;
  return Array.isArray(value) ? `[${parts.join(",")}]` : `{${parts.join(",")}}`;
}
