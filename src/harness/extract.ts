import type { SignalFields } from "../core/signal.ts";
import { digestInput } from "./digest.ts";
import { type ScannedObject, scanObject } from "./scan-json.ts";
import type { PayloadField, PayloadSpec } from "./spec.ts";

const MAX_TEXT = 500;
const MAX_ID = 256;
const MAX_PATH = 4096;

const TEXT_FIELDS: readonly PayloadField[] = ["prompt", "message"];
const PATH_FIELDS: readonly PayloadField[] = ["transcriptPath", "cwd"];

/**
 * Takes what ao keeps out of a payload: ids up to 256 characters and paths up to 4096 (longer ones are dropped), heads
 * of prompt and message of at most 500, a digest of the tool's input. Never throws; `text` may be cut or not JSON.
 */
export function extract(spec: PayloadSpec, text: string): SignalFields {
  if (text.trim() === "") return {};
  const scanned = scanObject(text, wantedKeys(spec));
  const fields: SignalFields = scanned.partial ? { partial: true } : {};
  for (const [field, paths] of Object.entries(spec.fields) as [PayloadField, readonly string[]][]) {
    const value = firstText(scanned, paths) ?? cutHead(scanned, field, paths);
    const kept = value === undefined ? undefined : limit(field, value);
    if (kept !== undefined) fields[field] = kept;
  }
  const digest = digestInput(firstValue(scanned, spec.toolInput), spec.toolInputIgnored);
  if (digest !== undefined) fields.toolInputDigest = digest;
  const tasks = firstValue(scanned, spec.backgroundTasks);
  if (Array.isArray(tasks)) fields.backgroundTasks = tasks.filter(isRunning).length;
  return fields;
}

function wantedKeys(spec: PayloadSpec): Set<string> {
  const paths = [...Object.values(spec.fields).flat(), ...spec.toolInput, ...spec.backgroundTasks];
  return new Set(paths.map((path) => path.split(".")[0] as string));
}

function firstValue(scanned: ScannedObject, paths: readonly string[]): unknown {
  for (const path of paths) {
    const [key, ...rest] = path.split(".");
    let value = scanned.values.get(key as string);
    for (const part of rest) value = isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function firstText(scanned: ScannedObject, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const value = firstValue(scanned, [path]);
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

/** A cut prompt is still a prompt; a cut id or path would be a wrong one. */
function cutHead(scanned: ScannedObject, field: PayloadField, paths: readonly string[]): string | undefined {
  if (!scanned.cut || !TEXT_FIELDS.includes(field)) return undefined;
  return paths.includes(scanned.cut.key) ? scanned.cut.head : undefined;
}

function limit(field: PayloadField, value: string): string | undefined {
  if (TEXT_FIELDS.includes(field)) return head(printable(value));
  const kept = printable(value);
  return kept.length <= (PATH_FIELDS.includes(field) ? MAX_PATH : MAX_ID) && kept !== "" ? kept : undefined;
}

/** Takes out terminal sequences, control characters (newline and tab stay) and characters that turn the reading direction. */
function printable(value: string): string {
  return value
    .slice(0, 4 * MAX_PATH)
    .replace(ESCAPE_SEQUENCE, "")
    .replace(INVISIBLE, "");
}

const ESC = String.fromCharCode(27);
const BEL = String.fromCharCode(7);
const ESCAPE_SEQUENCE = new RegExp(
  `${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)?)`,
  "g",
);
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

function head(text: string): string {
  const cut = text.slice(0, MAX_TEXT);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

function isRunning(task: unknown): boolean {
  return isRecord(task) && task.status === "running";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
