import { AoCommand } from "../../base-command.ts";
import { durationFlag, sessionArg } from "../../flags.ts";
import { sessionJson } from "../../render/session-json.ts";

export class SessionKill extends AoCommand {
  static override summary = "End a session's agent and everything it started.";
  static override description = "Worktree and branch stay; `ao session restore` goes on later. Idempotent.";
  static override examples = ["<%= config.bin %> session kill web-1"];
  static override args = { id: sessionArg };
  static override flags = {
    grace: durationFlag({ description: "time between TERM and KILL (default 5s, at most 60s)" }),
  };

  async run() {
    const { args, flags } = await this.parse(SessionKill);
    const client = await this.client();
    const session = await client.sessions.kill({ sessionId: args.id, graceMs: flags.grace });
    this.print([`${session.id} is ${session.status}`]);
    return { session: sessionJson(session) };
  }
}
