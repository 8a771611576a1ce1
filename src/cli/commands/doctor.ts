import { AoCommand } from "../base-command.ts";
import { describeFailure, EXIT } from "../failure.ts";
import { type CheckView, checkLines } from "../render/checks.ts";

/** A daemon runs and cannot be asked. */
const SPEECHLESS: ReadonlySet<string> = new Set(["CALL_TIMED_OUT", "UNAUTHENTICATED"]);

export class Doctor extends AoCommand {
  static override summary = "Examine the installation: tools, agents, paths, database.";
  static override description =
    "Exit code 1 when something does not work, 3 when the daemon cannot start or be asked.";
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
      // Quick to say that the daemon is stuck; the checks may take long.
      await client.daemon.get();
      return await client.daemon.check();
    } catch (error) {
      const failure = describeFailure(error);
      if (!failure || !(failure.exitCode === EXIT.unreachable || SPEECHLESS.has(failure.reason))) throw error;
      process.exitCode = EXIT.unreachable;
      return [{ name: "daemon", level: "error", detail: failure.message, hint: failure.hint }];
    }
  }
}
