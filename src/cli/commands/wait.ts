import { AoCommand } from "../base-command.ts";
import { durationFlag, sessionArg, statusesFlag } from "../flags.ts";
import { sessionJson } from "../render/session-json.ts";
import { statusCell } from "../render/session-table.ts";

export class Wait extends AoCommand {
  static override summary = "Wait until a session has one of the given statuses.";
  static override description = "Returns at once when it has it already. Exit code 4 when the time is over.";
  static override examples = [
    "<%= config.bin %> wait web-1 --until idle,needs_input --timeout 30m",
    "<%= config.bin %> wait web-1 --until exited,failed --json",
  ];
  static override args = { id: sessionArg };
  static override flags = {
    until: statusesFlag({ description: "statuses to wait for", required: true }),
    timeout: durationFlag({ description: "how long to wait (default 10m, at most 24h)" }),
  };

  async run() {
    const { args, flags } = await this.parse(Wait);
    const client = await this.client();
    const session = await client.sessions.wait({
      sessionId: args.id,
      statuses: flags.until,
      timeoutMs: flags.timeout,
    });
    this.print([`${session.id} ${statusCell(session.status).text}`]);
    return { session: sessionJson(session) };
  }
}
