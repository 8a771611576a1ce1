import * as Flags from "@oclif/core/flags";
import { AoCommand } from "../../base-command.ts";
import type { SessionInfo } from "../../client-types.ts";
import { statusesFlag } from "../../flags.ts";
import { listAllSessions } from "../../list-all.ts";
import { nextSteps, renderNextSteps } from "../../render/next-steps.ts";
import { sessionJson } from "../../render/session-json.ts";
import { renderSessionTable } from "../../render/session-table.ts";

export class SessionLs extends AoCommand {
  static override summary = "List sessions, those that need you first.";
  static override description =
    "FOR is the time in the present status. With --json all sessions come, newest first.";
  static override examples = [
    "<%= config.bin %> ls",
    "<%= config.bin %> ls --status needs_input,failed",
    "<%= config.bin %> ls --json",
  ];
  static override flags = {
    project: Flags.string({ char: "p", description: "only sessions of this project" }),
    status: statusesFlag({ description: "only sessions with one of these statuses" }),
    "page-size": Flags.integer({ description: "with --json: one page of this size", min: 1, max: 500 }),
    "page-token": Flags.string({ description: "with --json: the page after `nextPageToken`" }),
  };

  async run() {
    const { flags } = await this.parse(SessionLs);
    const client = await this.client();
    const filter = { projectId: flags.project, statuses: flags.status };
    const { sessions, nextPageToken } =
      flags["page-size"] || flags["page-token"]
        ? await client.sessions.list({
            ...filter,
            pageSize: flags["page-size"],
            pageToken: flags["page-token"],
          })
        : { sessions: await listAllSessions(client, filter), nextPageToken: "" };
    // Nobody sees the table under --json, and it takes longer than the answer.
    if (!this.jsonEnabled()) this.#show(sessions);
    return { sessions: sessions.map(sessionJson), nextPageToken };
  }

  #show(sessions: readonly SessionInfo[]): void {
    if (sessions.length === 0) this.note("no sessions; start one with `ao spawn`, or see `ao demo`");
    const { palette } = this.context;
    this.print(renderSessionTable({ sessions, now: Date.now(), width: this.context.width(), palette }));
    const steps = renderNextSteps(nextSteps(sessions, this.context.program), palette);
    if (steps.length > 0 && this.context.interactive) this.note(["", ...steps].join("\n"));
  }
}
