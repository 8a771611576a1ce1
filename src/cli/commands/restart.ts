import { AoCommand } from "../base-command.ts";
import { refuseRemote } from "../remote.ts";
import { daemonJson, daemonLines } from "../render/daemon.ts";

export class Restart extends AoCommand {
  static override summary = "Stop the daemon and start it again.";
  static override description =
    "After an upgrade, or when it is stuck. Agents run on; what they report meanwhile waits on disk. Idempotent.";
  static override examples = ["<%= config.bin %> restart"];

  async run() {
    await this.parse(Restart);
    refuseRemote(this.context.remote, "ao restart");
    const { stopDaemon } = await import("../stop-daemon.ts");
    const stopped = await stopDaemon(this.context.paths);
    const client = await this.client();
    const daemon = await client.daemon.get();
    this.print(daemonLines(daemon, this.context.palette).slice(0, 1));
    return { stoppedPid: stopped ?? null, daemon: daemonJson(daemon) };
  }
}
