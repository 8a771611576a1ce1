import type { JsonObject, JsonValue } from "../spec.ts";

/** True for an object that is no list. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object a text holds; undefined for anything else. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `over` on `base`: objects are merged, lists added up, anything else is replaced. */
export function mergeJson(base: JsonObject, over: JsonObject): JsonObject {
  const merged = new Map<string, JsonValue>(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const old = merged.get(key);
    if (isJsonObject(old) && isJsonObject(value)) merged.set(key, mergeJson(old, value));
    else if (Array.isArray(old) && Array.isArray(value)) merged.set(key, [...old, ...value]);
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

/** What is left of `value` without `ours`: the opposite of a merge, also when others have changed it meanwhile. */
export function withoutJson(value: JsonObject, ours: JsonObject): JsonObject {
  const left = Object.entries(value).flatMap(([key, item]): [string, JsonValue][] => {
    const mine = Object.hasOwn(ours, key) ? ours[key] : undefined;
    if (mine === undefined) return [[key, item]];
    if (isJsonObject(item) && isJsonObject(mine)) {
      const rest = withoutJson(item, mine);
      return Object.keys(rest).length > 0 ? [[key, rest]] : [];
    }
    if (Array.isArray(item) && Array.isArray(mine)) {
      const own = new Set(mine.map((entry: JsonValue) => JSON.stringify(entry)));
      const rest = item.filter((entry: JsonValue) => !own.has(JSON.stringify(entry)));
      return rest.length > 0 ? [[key, rest]] : [];
    }
    return JSON.stringify(item) === JSON.stringify(mine) ? [] : [[key, item]];
  });
  return Object.fromEntries(left);
}
