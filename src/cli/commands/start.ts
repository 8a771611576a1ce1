import { AoCommand } from "../base-command.ts";
import { daemonJson, daemonLines } from "../render/daemon.ts";

export class Start extends AoCommand {
  static override summary = "Start the daemon.";
  static override description =
    "Every command that needs the daemon starts it; this one does nothing else. Idempotent.";
  static override examples = ["<%= config.bin %> start"];

  async run() {
    await this.parse(Start);
    const client = await this.client();
    const daemon = await client.daemon.get();
    this.print(daemonLines(daemon, this.context.palette).slice(0, 1));
    return { daemon: daemonJson(daemon) };
  }
}
