import { AoCommand } from "../../base-command.ts";
import { listAllProjects } from "../../list-all.ts";
import { projectJson, projectTable } from "../../render/project.ts";

export class ProjectLs extends AoCommand {
  static override summary = "List the registered repositories.";
  static override examples = ["<%= config.bin %> project ls"];

  async run() {
    await this.parse(ProjectLs);
    const client = await this.client();
    const projects = await listAllProjects(client);
    if (projects.length === 0) this.note("no projects; register a repository with `ao project add PATH`");
    this.print(projectTable({ projects, width: this.context.width(), palette: this.context.palette }));
    return { projects: projects.map(projectJson), nextPageToken: "" };
  }
}
