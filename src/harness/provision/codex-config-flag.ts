import { fill } from "../command-line.ts";
import type { HookSpec } from "../spec.ts";
import { hookShellCommand } from "./hook-command.ts";
import type { Provision, ProvisionRequest } from "./provision-types.ts";
import { tomlString } from "./toml-string.ts";

/**
 * Gives the hooks as an inline table in a `-c` flag, each trusted by the hash Codex itself reports for it: ours alone
 * are trusted; the user's and the repository's own keep their review dialog.
 */
export async function provisionCodexFlag(
  hooks: Extract<HookSpec, { strategy: "codex-config-flag" }>,
  { spec, plan, trustedHooks }: ProvisionRequest,
): Promise<Provision> {
  const table = Object.keys(spec.events)
    .map((event) => {
      const command = tomlString(hookShellCommand(plan.hookCommand, spec.id, event));
      return `${event}=[{hooks=[{type="command",command=${command},timeout=${hooks.timeoutSeconds}}]}]`;
    })
    .join(",");
  const trusted = await trustedHooks({
    spec,
    plan,
    table,
    args: hooks.serverArgs.map((arg) => fill(arg, { hooks: `hooks={${table}}` })),
    count: Object.keys(spec.events).length,
  });
  const state = trusted.map(({ key, hash }) => `${tomlString(key)}={trusted_hash=${tomlString(hash)}}`);
  const value = `hooks={${table},state={${state.join(",")}}}`;
  return { args: hooks.args.map((arg) => fill(arg, { hooks: value })), env: {} };
}
