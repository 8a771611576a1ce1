import * as Flags from "@oclif/core/flags";
import { AoError } from "../../../core/errors.ts";
import type { Status } from "../../../core/session.ts";
import { AoCommand } from "../../base-command.ts";
import type { SessionInfo } from "../../client-types.ts";
import { EXIT } from "../../failure.ts";
import { durationFlag, statusesFlag } from "../../flags.ts";
import { listAllSessions } from "../../list-all.ts";
import { removalJson, removalLine } from "../../render/removal.ts";

/** Statuses of sessions whose process has ended. */
const FINISHED: readonly Status[] = ["terminated", "exited", "failed", "lost"];

export class SessionCleanup extends AoCommand {
  static override summary = "Remove finished sessions (terminated, exited, failed, lost).";
  static override description =
    "Sessions that run are never touched. Work that stands nowhere else is kept under refs/ao/salvage, as with `ao session rm`; each line says where. A session whose work cannot be kept stays.";
  static override examples = [
    "<%= config.bin %> session cleanup --dry-run",
    "<%= config.bin %> session cleanup --project web --older-than 7d",
    "<%= config.bin %> session cleanup --status exited,terminated",
  ];
  static override flags = {
    project: Flags.string({ char: "p", description: "only sessions of this project" }),
    status: statusesFlag({ description: "only sessions with one of these statuses (of those above)" }),
    "older-than": durationFlag({ description: "only sessions that ended longer ago than this" }),
    "dry-run": Flags.boolean({ char: "n", description: "only say what would be removed" }),
  };

  async run() {
    const { flags } = await this.parse(SessionCleanup);
    const client = await this.client();
    const statuses = finishedOnly(flags.status);
    const endedBefore = Date.now() - (flags["older-than"] ?? 0);
    const all = await listAllSessions(client, { projectId: flags.project, statuses });
    const finished = all.filter((session) => endTimeOf(session) <= endedBefore);
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

/** The statuses wanted; throws USAGE for one that is not an end. */
function finishedOnly(wanted: readonly Status[] = FINISHED): readonly Status[] {
  const running = wanted.find((status) => !FINISHED.includes(status));
  if (running === undefined) return wanted;
  throw new AoError("USAGE", {
    problem: `--status "${running}" is not the status of a finished session`,
    hint: `Finished are: ${FINISHED.join(", ")}. \`ao session kill\` ends the others.`,
  });
}

/** When the process ended; of one that was only found gone, when that was noted. */
function endTimeOf({ process, updateTime, createTime }: SessionInfo): number {
  return process.exit?.time ?? updateTime ?? createTime ?? 0;
}
