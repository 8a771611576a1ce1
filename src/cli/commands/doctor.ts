import { AoCommand } from "../base-command.ts";
import { describeFailure, EXIT } from "../failure.ts";
import { type CheckView, checkLines } from "../render/checks.ts";

export class Doctor extends AoCommand {
  static override summary = "Examine the installation: tools, agents, paths, database.";
  static override description = "Exit code 1 when something does not work, 3 when the daemon cannot start.";
  static override examples = ["<%= config.bin %> doctor"];

  async run() {
    await this.parse(Doctor);
    const checks = await this.#checks();
    this.print(checkLines(checks, this.context.palette));
    if (checks.some((check) => check.level === "error")) process.exitCode ??= EXIT.failed;
    return {
      checks: checks.map(({ name, level, detail, hint }) => ({ name, level, detail, hint: hint || null })),
    };
  }

  /** The daemon's own report; when it cannot start, that is the report. */
  async #checks(): Promise<CheckView[]> {
    try {
      const client = await this.client();
      return await client.daemon.check();
    } catch (error) {
      const failure = describeFailure(error);
      if (failure?.exitCode !== EXIT.unreachable) throw error;
      process.exitCode = EXIT.unreachable;
      return [{ name: "daemon", level: "error", detail: failure.message, hint: failure.hint }];
    }
  }
}
