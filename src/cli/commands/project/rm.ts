import * as Args from "@oclif/core/args";
import { AoCommand } from "../../base-command.ts";

export class ProjectRm extends AoCommand {
  static override summary = "Forget a project; the repository itself is not touched.";
  static override description = "Refused while it has sessions. Idempotent.";
  static override examples = ["<%= config.bin %> project rm web"];
  static override args = {
    id: Args.string({ description: "project id", required: true, ignoreStdin: true }),
  };

  async run() {
    const { args } = await this.parse(ProjectRm);
    const client = await this.client();
    await client.projects.remove(args.id);
    this.print([`forgot project ${args.id}`]);
    return { removed: args.id };
  }
}
