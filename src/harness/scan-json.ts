/** What a tolerant reading of a payload found. */
export interface ScannedObject {
  /** Complete values of the wanted top-level keys. */
  values: Map<string, unknown>;
  /** A wanted string value the text ends in: its head. */
  cut?: { key: string; head: string };
  /** The text is not one whole JSON object. */
  partial: boolean;
}

/**
 * Reads the wanted top-level keys of a JSON object whose text may be cut anywhere or damaged.
 *
 * Never throws. Values before the first damage are found; text that is no object gives none.
 */
export function scanObject(text: string, wanted: ReadonlySet<string>): ScannedObject {
  const whole = parse(text);
  if (whole.ok) return fromWhole(whole.value, wanted);
  const values = new Map<string, unknown>();
  const result: ScannedObject = { values, partial: true };
  let at = skipSpace(text, 0);
  if (text[at] !== "{") return result;
  for (at = skipSpace(text, at + 1); text[at] === '"'; at = skipSpace(text, at + 1)) {
    const key = readString(text, at);
    if (!key.closed) return result;
    at = skipSpace(text, key.end);
    if (text[at] !== ":") return result;
    const start = skipSpace(text, at + 1);
    const end = endOfValue(text, start);
    if (end === undefined) {
      const isText = text[start] === '"' && wanted.has(key.value);
      return isText ? { ...result, cut: { key: key.value, head: readString(text, start).value } } : result;
    }
    if (wanted.has(key.value)) {
      const value = parse(text.slice(start, end));
      if (!value.ok) return result;
      values.set(key.value, value.value);
    }
    at = skipSpace(text, end);
    if (text[at] !== ",") return result;
  }
  return result;
}

function fromWhole(value: unknown, wanted: ReadonlySet<string>): ScannedObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { values: new Map(), partial: true };
  const kept = Object.entries(value).filter(([key]) => wanted.has(key));
  return { values: new Map(kept), partial: false };
}

function parse(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return { ok: false };
    throw error;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text[at] as string)) at++;
  return at;
}

/** Reads the string that opens at `from`; `value` is its head when the text ends in it. */
function readString(text: string, from: number): { value: string; end: number; closed: boolean } {
  const end = endOfString(text, from);
  if (end !== undefined) {
    const value = parse(text.slice(from, end));
    return value.ok ? { value: String(value.value), end, closed: true } : { value: "", end, closed: false };
  }
  const head = text.slice(from).replace(/\\(u[0-9a-fA-F]{0,3})?$/, "");
  const value = parse(`${head}"`);
  return { value: value.ok ? String(value.value) : "", end: text.length, closed: false };
}

function endOfString(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}

/** Index after the value that begins at `from`; undefined when the text ends in it. */
function endOfValue(text: string, from: number): number | undefined {
  if (text[from] === '"') return endOfString(text, from);
  if (text[from] !== "{" && text[from] !== "[") return endOfScalar(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function endOfScalar(text: string, from: number): number | undefined {
  const rest = text.slice(from, from + 64).search(/[,\]}\s]/);
  return rest > 0 ? from + rest : undefined;
}
