import * as Flags from "@oclif/core/flags";
import { AoCommand } from "../../base-command.ts";
import { callerEnvironment } from "../../caller-environment.ts";
import { sessionArg } from "../../flags.ts";
import { textOrStdin } from "../../read-text.ts";
import { sessionJson } from "../../render/session-json.ts";

export class SessionRestore extends AoCommand {
  static override summary = "Start an ended session again and continue its conversation.";
  static override description =
    "The agent gets your present environment. A worktree that is gone is made again.";
  static override examples = [
    "<%= config.bin %> session restore web-1",
    '<%= config.bin %> session restore web-1 --prompt "Now fix the tests."',
  ];
  static override args = { id: sessionArg };
  static override flags = {
    prompt: Flags.string({
      description: 'prompt to continue with; "-" reads it from stdin',
      helpValue: "TEXT|-",
    }),
  };

  async run() {
    const { args, flags } = await this.parse(SessionRestore);
    const prompt = await textOrStdin(flags.prompt ?? "", process.stdin);
    const client = await this.client();
    const environment = callerEnvironment(this.context.env);
    const session = await client.sessions.restore({ sessionId: args.id, prompt, environment });
    this.print([`${session.id} is ${session.status}`]);
    return { session: sessionJson(session) };
  }
}
