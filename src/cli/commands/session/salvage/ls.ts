import * as Flags from "@oclif/core/flags";
import { AoCommand } from "../../../base-command.ts";
import { listAllSalvages } from "../../../list-all.ts";
import { salvageJson, salvageTable } from "../../../render/salvage.ts";

export class SessionSalvageLs extends AoCommand {
  static override summary = "List the work that removed sessions left, newest first.";
  static override description =
    "It is read from the repositories of all projects, so it is there also when ao forgot the session.";
  static override examples = [
    "<%= config.bin %> session salvage ls",
    "<%= config.bin %> session salvage ls --project web --json",
  ];
  static override flags = {
    project: Flags.string({ char: "p", description: "only salvages of this project" }),
    "page-size": Flags.integer({ description: "with --json: one page of this size", min: 1, max: 500 }),
    "page-token": Flags.string({ description: "with --json: the page after `nextPageToken`" }),
  };

  async run() {
    const { flags } = await this.parse(SessionSalvageLs);
    const client = await this.client();
    const filter = { projectId: flags.project };
    const { salvages, nextPageToken } =
      flags["page-size"] || flags["page-token"]
        ? await client.salvages.list({
            ...filter,
            pageSize: flags["page-size"],
            pageToken: flags["page-token"],
          })
        : { salvages: await listAllSalvages(client, filter), nextPageToken: "" };
    if (salvages.length === 0) this.note("no salvages: no removed session had work that stood nowhere else");
    const { palette } = this.context;
    this.print(salvageTable({ salvages, now: Date.now(), width: this.context.width(), palette }));
    if (salvages.length > 0 && this.context.interactive)
      this.note("\nBring one back: ao session salvage restore SALVAGE");
    return { salvages: salvages.map(salvageJson), nextPageToken };
  }
}
