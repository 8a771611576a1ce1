import { AoError } from "../../core/errors.ts";
import { attachTerminal } from "../attach-terminal.ts";
import { AoCommand } from "../base-command.ts";
import { sessionArg } from "../flags.ts";
import { refuseRemote } from "../remote.ts";
import { sessionJson } from "../render/session-json.ts";

export class Attach extends AoCommand {
  static override summary = "Go to a session's terminal.";
  static override description =
    "Ctrl-B d comes back (inside tmux Ctrl-B Ctrl-B d); the agent runs on. With --json nothing is attached: the command to run is printed.";
  static override examples = ["<%= config.bin %> attach web-1"];
  static override args = { id: sessionArg };

  async run() {
    const { args } = await this.parse(Attach);
    refuseRemote(this.context.remote, "ao attach");
    const client = await this.client();
    const session = await client.sessions.get(args.id);
    const { attachCommand } = session;
    if (attachCommand.length === 0) {
      if (session.runtime === "process")
        throw new AoError("UNSUPPORTED", {
          subject: `session "${session.id}"`,
          what: "attaching: it runs without a terminal",
          hint: `See its output: \`ao logs ${session.id}\`.`,
        });
      throw new AoError("TERMINAL_GONE", { session: session.id });
    }
    if (!this.jsonEnabled()) {
      if (!this.context.interactive)
        throw new AoError("NOT_A_TERMINAL", {
          command: "ao attach",
          hint: `See what it shows with \`ao logs ${session.id}\`.`,
        });
      const exitCode = await attachTerminal(attachCommand, this.context.env);
      if (exitCode !== 0) throw new AoError("TERMINAL_GONE", { session: session.id });
    }
    return { session: sessionJson(session), attachCommand: [...attachCommand] };
  }
}
