import * as Args from "@oclif/core/args";
import { AoCommand } from "../../base-command.ts";
import { projectJson, projectLines } from "../../render/project.ts";

export class ProjectGet extends AoCommand {
  static override summary = "Show one project.";
  static override examples = ["<%= config.bin %> project get web"];
  static override args = {
    id: Args.string({ description: "project id", required: true, ignoreStdin: true }),
  };

  async run() {
    const { args } = await this.parse(ProjectGet);
    const client = await this.client();
    const project = await client.projects.get(args.id);
    this.print(projectLines(project, this.context.palette));
    return { project: projectJson(project) };
  }
}
