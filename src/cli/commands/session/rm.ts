import { AoCommand } from "../../base-command.ts";
import { sessionsArg } from "../../flags.ts";
import { removalJson, removalLine } from "../../render/removal.ts";

export class SessionRm extends AoCommand {
  static override summary = "Remove ended sessions: worktree, merged branch, row.";
  static override description =
    "Nothing is lost: work that is not merged or pushed, untracked files included, is kept under refs/ao/salvage first.";
  static override examples = ["<%= config.bin %> session rm web-1 web-2"];
  static override args = { id: sessionsArg };

  async run() {
    const { argv } = await this.parse(SessionRm);
    const client = await this.client();
    const removed = [];
    for (const sessionId of argv as string[]) {
      const removal = { sessionId, ...(await client.sessions.remove(sessionId)) };
      removed.push(removalJson(removal));
      this.print([removalLine(removal)]);
    }
    return { removed };
  }
}
