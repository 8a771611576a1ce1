import { AoCommand } from "../base-command.ts";
import { refuseRemote } from "../remote.ts";

export class Stop extends AoCommand {
  static override summary = "Stop the daemon.";
  static override description =
    "Agents run on; what they report waits on disk until the daemon is back. Idempotent.";
  static override examples = ["<%= config.bin %> stop"];

  async run() {
    await this.parse(Stop);
    refuseRemote(this.context.remote, "ao stop");
    const { stopDaemon } = await import("../stop-daemon.ts");
    const pid = await stopDaemon(this.context.paths);
    this.print([pid === undefined ? "no daemon was running" : `daemon (pid ${pid}) stopped; agents run on`]);
    return { stopped: pid !== undefined };
  }
}
