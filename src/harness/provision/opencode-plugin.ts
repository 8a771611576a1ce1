import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AoError } from "../../core/errors.ts";
import type { PromptedLaunch } from "../../core/ports/harnesses.ts";
import { writeFileAtomic } from "../../util/atomic-file.ts";
import type { HookSpec, JsonObject, JsonValue } from "../spec.ts";
import type { Provision, ProvisionRequest } from "./provision-types.ts";

/**
 * Puts the plugin into the launch directory and names it in the config variable, beside what the user has set there.
 *
 * opencode merges the variable over its config files; lists of plugins add up (seen, 1.18.33).
 */
export async function provisionOpencodePlugin(
  hooks: Extract<HookSpec, { strategy: "opencode-plugin" }>,
  { spec, plan, permission }: ProvisionRequest,
): Promise<Provision> {
  const plugin = join(plan.launchDir, PLUGIN_FILE);
  await writeFileAtomic(plugin, await readFile(join(import.meta.dirname, "..", hooks.asset)));
  const user = parseConfig(plan.env[hooks.variable], spec.id, hooks.variable);
  const plugins = Array.isArray(user.plugin) ? user.plugin.filter((entry) => !isOurs(entry)) : [];
  const config: JsonObject = {
    ...user,
    plugin: [...plugins, pathToFileURL(plugin).href],
    ...mergePermission(user.permission, permission.config?.permission),
  };
  const env = {
    [hooks.variable]: JSON.stringify(config),
    [hooks.restoreVariable]: JSON.stringify({ [hooks.variable]: plan.env[hooks.variable] ?? "" }),
  };
  if (!pluginCarriesPrompt(plan)) return { args: [], env };
  const promptFile = join(plan.launchDir, "plugin-prompt.json");
  const { resumeId: sessionID, prompt, model } = plan;
  await writeFileAtomic(promptFile, JSON.stringify({ sessionID, prompt, model }));
  return { args: [], env: { ...env, [hooks.promptVariable]: promptFile } };
}

/** With a conversation to continue the plugin submits the prompt, which the terminal program drops. */
export function pluginCarriesPrompt({ resumeId, headless, prompt }: PromptedLaunch): boolean {
  return resumeId !== undefined && !headless && prompt !== "";
}

const PLUGIN_FILE = "ao-plugin.js";

/** Left over where an older plugin handed its config on to the agents its commands start. */
function isOurs(entry: JsonValue): boolean {
  return typeof entry === "string" && entry.startsWith("file:") && entry.endsWith(`/${PLUGIN_FILE}`);
}

function parseConfig(text: string | undefined, harness: string, variable: string): JsonObject {
  if (!text?.trim()) return {};
  const problem = (cause?: unknown) =>
    new AoError("HARNESS_SETUP_FAILED", { harness, problem: `${variable} is not a JSON object` }, cause);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw problem(error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw problem();
  return value as JsonObject;
}

/** A user's single word, such as "ask", becomes the rule for all tools that ours do not name. */
function mergePermission(user: JsonValue | undefined, ours: JsonValue | undefined): JsonObject {
  if (!isObject(ours)) return {};
  const base = typeof user === "string" ? { "*": user } : isObject(user) ? user : {};
  return { permission: { ...base, ...ours } };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
