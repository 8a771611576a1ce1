import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { AoError } from "../../core/errors.ts";
import { AoCommand } from "../base-command.ts";
import { durationFlag, sessionArg } from "../flags.ts";
import { textOrStdin } from "../read-text.ts";

const WHEN_BUSY = ["wait", "queue", "interrupt"] as const;

export class Send extends AoCommand {
  static override summary = "Type a message into an agent's terminal and submit it.";
  static override description = [
    "Says how far it got: queued, typed, submitted, acknowledged (the agent's own event came back).",
    "Exit code 1 below submitted. Never types into a decision dialog.",
  ].join(" ");
  static override examples = [
    '<%= config.bin %> send web-1 "Now add a test."',
    "git diff | <%= config.bin %> send web-1 -",
    '<%= config.bin %> send web-1 "Stop, do this first." --interrupt',
  ];
  static override args = {
    id: sessionArg,
    text: Args.string({
      description: 'the message; "-" reads it from stdin',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    "when-busy": Flags.string({
      description:
        "what to do while a turn runs: wait for its end, let the agent queue it, or interrupt the turn",
      options: [...WHEN_BUSY],
      default: "wait",
    }),
    interrupt: Flags.boolean({
      description: "same as --when-busy interrupt",
      exclusive: ["when-busy"],
    }),
    timeout: durationFlag({ description: "how long to wait for the end of the turn (default 10m)" }),
    "request-id": Flags.string({ description: "send at most once under this id", default: "" }),
  };

  async run() {
    const { args, flags } = await this.parse(Send);
    const text = await textOrStdin(args.text, process.stdin);
    const client = await this.client();
    const { stage, detail } = await client.sessions.send({
      sessionId: args.id,
      text,
      whenBusy: flags.interrupt ? "interrupt" : (flags["when-busy"] as (typeof WHEN_BUSY)[number]),
      waitTimeoutMs: flags.timeout,
      requestId: flags["request-id"],
    });
    if (stage !== "submitted" && stage !== "acknowledged")
      throw new AoError("MESSAGE_NOT_SUBMITTED", { session: args.id, stage: stage ?? "not sent", detail });
    this.print([[stage, detail].filter(Boolean).join(": ")]);
    return { id: args.id, stage, detail: detail || null };
  }
}
