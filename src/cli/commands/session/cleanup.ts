import * as Flags from "@oclif/core/flags";
import { AoError } from "../../../core/errors.ts";
import type { Status } from "../../../core/session.ts";
import { AoCommand } from "../../base-command.ts";
import { EXIT } from "../../failure.ts";
import { listAllSessions } from "../../list-all.ts";
import { removalJson, removalLine } from "../../render/removal.ts";

/** Statuses of sessions whose process has ended. */
const FINISHED: readonly Status[] = ["terminated", "exited", "failed", "lost"];

export class SessionCleanup extends AoCommand {
  static override summary = "Remove all finished sessions (terminated, exited, failed, lost).";
  static override description =
    "Sessions that run are never touched. Unmerged work is kept under refs/ao/salvage, as with `ao session rm`.";
  static override examples = [
    "<%= config.bin %> session cleanup --dry-run",
    "<%= config.bin %> session cleanup --project web",
  ];
  static override flags = {
    project: Flags.string({ char: "p", description: "only sessions of this project" }),
    "dry-run": Flags.boolean({ char: "n", description: "only say what would be removed" }),
  };

  async run() {
    const { flags } = await this.parse(SessionCleanup);
    const client = await this.client();
    const finished = await listAllSessions(client, { projectId: flags.project, statuses: FINISHED });
    if (finished.length === 0) this.note("no finished sessions");
    if (flags["dry-run"]) {
      this.print(finished.map((session) => `would remove ${session.id} (${session.status})`));
      return { removed: [], failed: [], wouldRemove: finished.map((session) => session.id) };
    }
    const removed = [];
    const failed = [];
    for (const { id } of finished) {
      try {
        const removal = { sessionId: id, ...(await client.sessions.remove(id)) };
        removed.push(removalJson(removal));
        this.print([removalLine(removal)]);
      } catch (error) {
        // One session that cannot be saved must not keep the others; it stays, and the exit code tells.
        if (!(error instanceof AoError) || error.kind === "unavailable") throw error;
        failed.push({ id, reason: error.reason, message: error.message });
        this.note(`kept ${id}: ${error.message}`);
      }
    }
    if (failed.length > 0) process.exitCode = EXIT.failed;
    return { removed, failed };
  }
}
