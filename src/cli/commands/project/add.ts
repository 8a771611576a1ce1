import { resolve } from "node:path";
import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { AoCommand } from "../../base-command.ts";
import { projectJson } from "../../render/project.ts";

export class ProjectAdd extends AoCommand {
  static override summary = "Register a git repository.";
  static override description =
    "Writes nothing into the repository. Adding it again returns the project it already is.";
  static override examples = [
    "<%= config.bin %> project add .",
    "<%= config.bin %> project add ~/src/web --id web",
  ];
  static override args = {
    path: Args.string({
      description: "any directory inside the repository",
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    id: Flags.string({ description: "id of the project (default: the directory's name)", default: "" }),
    branch: Flags.string({
      description: "branch new sessions start from (default: the one checked out now)",
      default: "",
    }),
    harness: Flags.string({
      char: "a",
      aliases: ["agent"],
      description: "agent used when a spawn names none",
      default: "",
    }),
  };

  async run() {
    const { args, flags } = await this.parse(ProjectAdd);
    const client = await this.client();
    const project = await client.projects.add({
      path: resolve(this.context.cwd(), args.path),
      id: flags.id,
      defaultBranch: flags.branch,
      defaultHarness: flags.harness,
    });
    this.print([`project ${project.id} is ${project.path}, sessions start from ${project.defaultBranch}`]);
    return { project: projectJson(project) };
  }
}
