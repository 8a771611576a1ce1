import * as Args from "@oclif/core/args";
import { AoCommand } from "../../base-command.ts";
import { sessionArg } from "../../flags.ts";
import { sessionJson } from "../../render/session-json.ts";

export class SessionRename extends AoCommand {
  static override summary = "Give a session a name; every command takes it instead of the id.";
  static override examples = ["<%= config.bin %> session rename web-1 login-page"];
  static override args = {
    id: sessionArg,
    name: Args.string({ description: 'the new name; "" takes it away', required: true, ignoreStdin: true }),
  };

  async run() {
    const { args } = await this.parse(SessionRename);
    const client = await this.client();
    const session = await client.sessions.update({ sessionId: args.id, name: args.name });
    this.print([session.name ? `${session.id} is now "${session.name}"` : `${session.id} has no name now`]);
    return { session: sessionJson(session) };
  }
}
