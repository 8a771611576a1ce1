import { AoError } from "../../core/errors.ts";
import { fill } from "../command-line.ts";
import { expand } from "../expand.ts";
import type { HookFile, HookSpec, JsonObject, JsonValue } from "../spec.ts";
import { hookShellCommand } from "./hook-command.ts";
import { isJsonObject, mergeJson, parseJsonObject } from "./json-merge.ts";
import type { ProvisionRequest } from "./provision-types.ts";
import { tomlString } from "./toml-string.ts";

/** What a file of hooks is made of; `existing` is what is there already, whose own entries stay. */
interface Making<Kind extends HookFile["kind"]> {
  file: Extract<HookFile, { kind: Kind }>;
  hooks: Extract<HookSpec, { strategy: "files" }>;
  request: ProvisionRequest;
  existing: string | undefined;
}

/** A JSON file of hooks, merged over what exists: lists grow, ours come last. */
export function jsonHookFile({ file, hooks, request, existing }: Making<"json">): string {
  const { spec } = request;
  const user = existing === undefined ? {} : parseJsonObject(existing);
  if (!user) throw notMergeable(spec.id, file.path, "a JSON object");
  const permission = file.permissionConfig ? (request.permission.config ?? {}) : {};
  const ours = mergeJson(mergeJson(file.content ?? {}, permission), entriesOf({ file, hooks, request }));
  return `${JSON.stringify(mergeJson(user, ours), null, 2)}\n`;
}

function entriesOf({ file, hooks, request }: Omit<Making<"json">, "existing">): JsonObject {
  if (!file.hooks) return {};
  const { at, shape, entry, entryOf = {} } = file.hooks;
  const entries = Object.keys(request.spec.events).map((event): [string, JsonValue] => {
    const values = { event, command: commandFor({ hooks, request }, event) };
    return [event, fillJson(entryOf[event] ?? entry, values)];
  });
  const list: JsonValue =
    shape === "list"
      ? entries.map(([, value]) => value)
      : Object.fromEntries(entries.map(([event, value]) => [event, [value]]));
  return at.toReversed().reduce<JsonValue>((inner, key) => ({ [key]: inner }), list) as JsonObject;
}

/** A TOML file of hooks: one table for each event after what exists, between two lines that say whose they are. */
export function tomlHookFile({ file, hooks, request, existing }: Making<"toml">): string {
  const tables = Object.keys(request.spec.events).map((event) => {
    const values = { event, command: commandFor({ hooks, request }, event) };
    const entry = file.entryOf?.[event] ?? file.entry;
    const lines = Object.entries(entry).map(([key, value]) => `${key} = ${tomlValue(value, values)}`);
    return `[[${file.table}]]\n${lines.join("\n")}\n`;
  });
  const kept = existing === undefined ? "" : withoutOurBlock(existing).trimEnd();
  if (new RegExp(`^\\s*${file.table}\\s*=`, "m").test(kept)) {
    throw notMergeable(request.spec.id, file.path, `TOML with [[${file.table}]] tables`);
  }
  return `${kept === "" ? "" : `${kept}\n\n`}${BLOCK_BEGIN}\n${tables.join("\n")}${BLOCK_END}\n`;
}

const BLOCK_BEGIN = "# ao: begin (taken out when the session ends)";
const BLOCK_END = "# ao: end";

/** The text without ao's block. */
export function withoutOurBlock(text: string): string {
  const begin = text.indexOf(BLOCK_BEGIN);
  const end = text.indexOf(BLOCK_END, begin);
  return begin < 0 || end < 0 ? text : text.slice(0, begin) + text.slice(end + BLOCK_END.length + 1);
}

/** A program that calls ao-hook for one event. */
export function hookScript(making: {
  file: Extract<HookFile, { kind: "scripts" }>;
  hooks: Extract<HookSpec, { strategy: "files" }>;
  request: ProvisionRequest;
  event: string;
}): string {
  const { file, request, event } = making;
  const command = commandFor(making, event);
  const user =
    file.userScript === undefined ? undefined : expand(file.userScript, { ...request.plan.env, event });
  if (user === undefined) return `#!/bin/sh\nexec ${command}\n`;
  return USER_HOOK_SCRIPT.replaceAll("COMMAND", () => command).replace("USER_HOOK", () => quote(user));
}

/** The user's own hook of the same name runs too, and speaks for both. */
const USER_HOOK_SCRIPT = `#!/bin/sh
user=USER_HOOK
[ -x "$user" ] || exec COMMAND
payload=$(cat; echo .)
printf %s "\${payload%.}" | COMMAND >/dev/null
printf %s "\${payload%.}" | "$user"
`;

function commandFor(
  { hooks, request }: { hooks: Making<"json">["hooks"]; request: ProvisionRequest },
  event: string,
): string {
  const { plan, spec } = request;
  const command = hookShellCommand(plan.hookCommand, spec.id, event);
  if (!hooks.hidesEnvironment) return command;
  const told = ["AO_SPOOL", "AO_LAUNCH_ID"].map((name) => `${name}=${quote(plan.env[name] ?? "")}`);
  return `env ${told.join(" ")} ${command}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function fillJson(value: JsonValue, values: Readonly<Record<string, string>>): JsonValue {
  if (typeof value === "string") return fill(value, values);
  if (Array.isArray(value)) return value.map((item: JsonValue) => fillJson(item, values));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillJson(item, values)]));
}

function tomlValue(value: string | number | boolean, values: Readonly<Record<string, string>>): string {
  return typeof value === "string" ? tomlString(fill(value, values)) : String(value);
}

function notMergeable(harness: string, path: string, what: string): AoError {
  return new AoError("HARNESS_SETUP_FAILED", {
    harness,
    problem: `"${path}" is not ${what}, so ao cannot add its hooks to it`,
    hint: "Mend the file, or take it out of the work tree.",
  });
}
