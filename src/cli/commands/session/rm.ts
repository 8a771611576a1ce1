import { AoCommand } from "../../base-command.ts";
import { sessionsArg } from "../../flags.ts";
import { removalJson, removalLine } from "../../render/removal.ts";

export class SessionRm extends AoCommand {
  static override summary = "Remove ended sessions: worktree, branch, row.";
  static override description = [
    "Nothing is lost. All that stands nowhere else is kept under refs/ao/salvage/SESSION first: changed, staged, untracked and ignored files (.env too) byte for byte, commits no other branch, remote or tag has (those of the reflog too), repositories inside, a merge or rebase under way. Stashes and other branches are the repository's and stay.",
    "Not kept are folders git ignores and tools make again (node_modules, __pycache__, .venv, cargo's target and what has a CACHEDIR.TAG); each is named. Ignored files of more than 1 GiB together are refused.",
    "`ao session salvage ls` shows what was kept, `ao session salvage restore SESSION` brings it back.",
  ].join("\n\n");
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
