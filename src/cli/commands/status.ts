import { AoCommand } from "../base-command.ts";
import { daemonJson, daemonLines } from "../render/daemon.ts";

export class StatusCommand extends AoCommand {
  static override summary = "Show the daemon: version, uptime, sessions, paths.";
  static override description = "Does not start it: exit code 3 when no daemon runs.";
  static override examples = ["<%= config.bin %> status", "<%= config.bin %> status --json"];

  async run() {
    await this.parse(StatusCommand);
    const client = await this.runningClient();
    const daemon = await client.daemon.get();
    this.print(daemonLines(daemon, this.context.palette));
    return { daemon: daemonJson(daemon) };
  }
}
