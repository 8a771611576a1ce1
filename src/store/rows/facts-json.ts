import type { Facts } from "../../core/session.ts";

/**
 * Creates a writer of facts as JSON that remembers the text of what never changes: of a busy session's 10 kB nine are
 * tools it remembers, which every commit writes again (a tenth of the ingest's time).
 */
export function createFactsWriter(): (facts: Facts) => string {
  const texts = new WeakMap<object, string>();
  const once = (item: object): string => {
    const known = texts.get(item);
    if (known !== undefined) return known;
    const text = JSON.stringify(item);
    texts.set(item, text);
    return text;
  };
  const list = (items: readonly object[]) => `[${items.map(once).join(",")}]`;

  return (facts) => {
    if (!facts.memory) return JSON.stringify(facts);
    const { openTools, endedTools, ...memory } = facts.memory;
    const lists = `"openTools":${list(openTools)},"endedTools":${list(endedTools)}`;
    const outer = open({ ...facts, memory: undefined });
    return `${outer},"memory":${open(memory)},${lists}}}`;
  };
}

/** The JSON of an object that has a member, without its closing brace. */
function open(value: object): string {
  return JSON.stringify(value).slice(0, -1);
}
