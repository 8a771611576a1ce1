import { spawn } from "node:child_process";
import { join } from "node:path";
import * as Args from "@oclif/core/args";
import { AoCommand } from "../base-command.ts";

export class Hooks extends AoCommand {
  static override summary = "Report a hook of an agent by hand; stdin is the hook's payload.";
  static override description = [
    "For integrations of your own: does what ao's own hooks do. Outside a session of ao it does nothing.",
    "Always exits 0, prints nothing but what the agent's hook schema wants, and starts no Node.",
  ].join(" ");
  static override examples = [`echo '{"session_id":"x"}' | <%= config.bin %> hooks claude-code Stop`];
  static override args = {
    agent: Args.string({ description: "harness id, such as claude-code", required: true, ignoreStdin: true }),
    event: Args.string({ description: "the agent's name of the event", required: true, ignoreStdin: true }),
  };

  /** bin/ao does this without Node; this way serves whoever runs the sources directly. */
  async run() {
    const { args } = await this.parse(Hooks);
    const hook = spawn(join(this.install.root, "bin/ao-hook"), [args.agent, args.event], {
      stdio: "inherit",
    });
    const failed = new Promise<never>((_, reject) => hook.once("error", reject));
    await Promise.race([new Promise((resolve) => hook.once("close", resolve)), failed]);
    return undefined;
  }
}
