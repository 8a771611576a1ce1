import { join } from "node:path";
import { writeFileAtomic } from "../../util/atomic-file.ts";
import { fill } from "../command-line.ts";
import type { HookSpec } from "../spec.ts";
import { hookShellCommand } from "./hook-command.ts";
import type { Provision, ProvisionRequest } from "./provision-types.ts";

/**
 * Writes a settings file with one hook per event and names it by flag.
 *
 * Claude Code adds the hooks of `--settings` to the user's and the project's own (seen, 2.1.330).
 */
export async function provisionClaudeSettings(
  hooks: Extract<HookSpec, { strategy: "claude-settings-file" }>,
  { spec, plan }: ProvisionRequest,
): Promise<Provision> {
  const entries = Object.keys(spec.events).map((event) => {
    const command = hookShellCommand(plan.hookCommand, spec.id, event);
    return [event, [{ hooks: [{ type: "command", command, timeout: hooks.timeoutSeconds }] }]];
  });
  const settings = join(plan.launchDir, "settings.json");
  await writeFileAtomic(settings, `${JSON.stringify({ hooks: Object.fromEntries(entries) }, null, 1)}\n`);
  return { args: hooks.args.map((arg) => fill(arg, { settings })), env: {} };
}
