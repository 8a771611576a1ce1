import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { AoCommand } from "../base-command.ts";
import { sessionArg } from "../flags.ts";
import { sessionJson } from "../render/session-json.ts";

const ANSWERS = ["approve", "deny"] as const;

export class AnswerCommand extends AoCommand {
  static override summary = "Approve or deny what an agent asks leave for.";
  static override description = "Types the agent's own keys for it. Fails when the agent asks for nothing.";
  static override examples = [
    "<%= config.bin %> answer web-1 approve",
    "<%= config.bin %> answer web-1 deny",
  ];
  static override args = {
    id: sessionArg,
    answer: Args.string({
      description: "the decision",
      required: true,
      options: [...ANSWERS],
      ignoreStdin: true,
    }),
  };
  static override flags = {
    request: Flags.string({
      description: "only if it waits for this request (`activity.waitingOn.requestId`)",
      helpValue: "ID",
      default: "",
    }),
  };

  async run() {
    const { args, flags } = await this.parse(AnswerCommand);
    const answer = args.answer as (typeof ANSWERS)[number];
    const client = await this.client();
    const session = await client.sessions.answer({ sessionId: args.id, requestId: flags.request, answer });
    this.print([`${session.id}: ${answer === "approve" ? "approved" : "denied"}`]);
    return { session: sessionJson(session), answer };
  }
}
