import { AoCommand } from "../base-command.ts";
import { sessionArg } from "../flags.ts";
import { sessionJson } from "../render/session-json.ts";

export class Interrupt extends AoCommand {
  static override summary = "Stop an agent's current turn; the agent itself lives on.";
  static override examples = ["<%= config.bin %> interrupt web-1"];
  static override args = { id: sessionArg };

  async run() {
    const { args } = await this.parse(Interrupt);
    const client = await this.client();
    const { session, interrupted } = await client.sessions.interrupt(args.id);
    this.print([interrupted ? `${session.id} was interrupted` : `${session.id} had no turn to interrupt`]);
    return { session: sessionJson(session), interrupted };
  }
}
