import { AoCommand } from "../../base-command.ts";
import { sessionArg } from "../../flags.ts";
import { sessionJson } from "../../render/session-json.ts";
import { sessionLines } from "../../render/session-lines.ts";

export class SessionGet extends AoCommand {
  static override summary = "Show one session.";
  static override examples = [
    "<%= config.bin %> session get web-1",
    "<%= config.bin %> session get web-1 --json",
  ];
  static override args = { id: sessionArg };

  async run() {
    const { args } = await this.parse(SessionGet);
    const client = await this.client();
    const session = await client.sessions.get(args.id);
    this.print(sessionLines({ session, now: Date.now(), palette: this.context.palette }));
    return { session: sessionJson(session) };
  }
}
