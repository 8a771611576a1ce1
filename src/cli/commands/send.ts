import { randomUUID } from "node:crypto";
import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { AoError } from "../../core/errors.ts";
import { AoCommand } from "../base-command.ts";
import type { AoClient, SentMessage } from "../client-types.ts";
import { EXIT } from "../failure.ts";
import { durationFlag, sessionArg } from "../flags.ts";
import { textOrStdin } from "../read-text.ts";
import { waitForMessage } from "../send-and-wait.ts";
import { stopSignal } from "../stop-signal.ts";

/** As long as the daemon takes by itself. */
const DEFAULT_TIMEOUT_MS = 600_000;
const WHEN_BUSY = ["wait", "queue", "interrupt"] as const;

export class Send extends AoCommand {
  static override summary = "Type a message into an agent's terminal and submit it.";
  static override description = [
    "Says how far it got: queued, typed, submitted, acknowledged (the agent's own event came back).",
    "Exit code 1 below submitted.",
    "\n\nThe message goes into the session's outbox first: from then on it is delivered whether you wait or not, also",
    "after a restart of the daemon, one at a time in the order of sending. Ctrl-C ends the waiting, not the message:",
    "`ao session messages cancel` withdraws it as long as nothing was typed. When --timeout is over before it could be",
    "typed, it is withdrawn and never comes later.",
    "\n\nThe text is typed at most once. It is never typed into a decision dialog, a shell, a draft of somebody's or a",
    "terminal that somebody is using; it waits until that is over.",
  ].join(" ");
  static override examples = [
    '<%= config.bin %> send web-1 "Now add a test."',
    "git diff | <%= config.bin %> send web-1 -",
    '<%= config.bin %> send web-1 "Stop, do this first." --interrupt',
    '<%= config.bin %> send web-1 "When you are done: write the changelog." --no-wait --timeout 2h',
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
    timeout: durationFlag({
      description: "how long it may wait until it is typed, then it is withdrawn (default 10m, at most 24h)",
    }),
    "no-wait": Flags.boolean({ description: "return as soon as it is in the outbox" }),
    "request-id": Flags.string({ description: "send at most once under this id", default: "" }),
  };

  async run() {
    const { args, flags } = await this.parse(Send);
    const text = await textOrStdin(args.text, process.stdin);
    const client = await this.client();
    const message = {
      sessionId: args.id,
      text,
      whenBusy: flags.interrupt ? "interrupt" : (flags["when-busy"] as (typeof WHEN_BUSY)[number]),
      waitTimeoutMs: flags.timeout ?? DEFAULT_TIMEOUT_MS,
      requestId: flags["request-id"] || randomUUID(),
    } as const;
    const accepted = await client.sessions.send({ ...message, noWait: true });
    const sent = flags["no-wait"] ? accepted : await this.#wait(client, message, accepted.messageId);
    const result = { id: args.id, messageId: sent.messageId, stage: sent.stage, detail: sent.detail || null };
    if (process.exitCode === EXIT.interrupted) return result;
    if (!flags["no-wait"] && sent.stage !== "submitted" && sent.stage !== "acknowledged")
      throw new AoError("MESSAGE_NOT_SUBMITTED", {
        session: args.id,
        stage: sent.stage,
        detail: sent.detail,
        message: sent.messageId,
      });
    this.print([flags["no-wait"] ? `queued: ${sent.messageId}` : describe(sent)]);
    return result;
  }

  /** Ctrl-C ends the waiting and says what becomes of the message. */
  async #wait(
    client: AoClient,
    message: Parameters<AoClient["sessions"]["send"]>[0],
    messageId: string,
  ): Promise<SentMessage> {
    const stop = stopSignal(process);
    const withdraw = `\`${this.context.program} session messages cancel ${messageId}\``;
    try {
      const onGone = () =>
        this.note(
          `the daemon went away; message ${messageId} stays in the outbox; waiting for it to come back`,
        );
      const sent = await waitForMessage({ client, message, signal: stop.signal, onGone });
      if (sent) return sent;
    } finally {
      stop.dispose();
    }
    this.note(`message ${messageId} stays in the outbox and will be delivered; ${withdraw} withdraws it`);
    process.exitCode = EXIT.interrupted;
    return { messageId, stage: "queued", detail: "not waited for" };
  }
}

function describe({ stage, detail }: SentMessage): string {
  return [stage, detail].filter(Boolean).join(": ");
}
