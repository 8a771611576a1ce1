import type { PromptedLaunch } from "../core/ports/harnesses.ts";
import { provisionCodexFlag } from "./provision/codex-config-flag.ts";
import { provisionFiles } from "./provision/hook-files.ts";
import { pluginCarriesPrompt, provisionOpencodePlugin } from "./provision/opencode-plugin.ts";
import type { Provision, ProvisionRequest } from "./provision/provision-types.ts";
import type { HookSpec } from "./spec.ts";

/**
 * Puts ao's hooks in the agent's way by the strategy its spec names; writes below the launch directory, and
 * into the worktree only what the spec declares for it.
 */
export async function provision(request: ProvisionRequest): Promise<Provision> {
  const { hooks } = request.spec;
  switch (hooks.strategy) {
    case "files":
      return provisionFiles(hooks, request);
    case "codex-config-flag":
      return provisionCodexFlag(hooks, request);
    case "opencode-plugin":
      return provisionOpencodePlugin(hooks, request);
    case "environment":
      return { args: [], env: { [hooks.variable]: request.plan.hookCommand } };
    case "none":
      return { args: [], env: {} };
  }
}

/** Whether the prompt gets in with the hooks, whatever the command line says. */
export function hooksCarryPrompt({ strategy }: HookSpec, launch: PromptedLaunch): boolean {
  return strategy === "opencode-plugin" && pluginCarriesPrompt(launch);
}
