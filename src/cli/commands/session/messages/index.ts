import { AoCommand } from "../../../base-command.ts";
import { sessionArg } from "../../../flags.ts";
import { listAllMessages } from "../../../list-all.ts";
import { messageJson } from "../../../render/message-json.ts";
import { renderMessageTable } from "../../../render/message-table.ts";

export class SessionMessages extends AoCommand {
  static override summary = "List the messages sent to a session, newest first, each with how far it got.";
  static override description =
    "○ is still in the outbox; DETAIL says what it waits for, or why it stopped. Ended messages are kept for 30 days.";
  static override examples = [
    "<%= config.bin %> session messages web-1",
    "<%= config.bin %> session messages web-1 --json",
  ];
  static override args = { id: sessionArg };

  async run() {
    const { args } = await this.parse(SessionMessages);
    const client = await this.client();
    const messages = await listAllMessages(client, args.id);
    if (messages.length === 0)
      this.note(`no messages for ${args.id}; send one with \`ao send ${args.id} "…"\``);
    const { palette } = this.context;
    this.print(renderMessageTable({ messages, now: Date.now(), width: this.context.width(), palette }));
    return { messages: messages.map(messageJson) };
  }
}
