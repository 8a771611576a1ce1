import * as Args from "@oclif/core/args";
import { AoCommand } from "../../../base-command.ts";
import { EXIT } from "../../../failure.ts";
import { messageJson } from "../../../render/message-json.ts";

export class SessionMessagesCancel extends AoCommand {
  static override summary = "Withdraw a message of which nothing was typed yet.";
  static override description =
    "Exit code 1 when it is too late: then it says how far the message got. Idempotent.";
  static override examples = ["<%= config.bin %> session messages cancel m-1x2y3z4a5"];
  static override args = {
    message: Args.string({
      description: "id of the message, as `ao session messages` lists it",
      required: true,
      ignoreStdin: true,
    }),
  };

  async run() {
    const { args } = await this.parse(SessionMessagesCancel);
    const client = await this.client();
    const { message, cancelled } = await client.sessions.cancelMessage(args.message);
    if (cancelled) this.print([`${message.id} was withdrawn; nothing of it was typed`]);
    else {
      const why = message.failureReason ? "it had ended before anything was typed" : `it is ${message.stage}`;
      this.note(`too late to withdraw ${message.id}: ${why}`);
      process.exitCode = EXIT.failed;
    }
    return { message: messageJson(message), cancelled };
  }
}
