import { resolve } from "node:path";
import * as Flags from "@oclif/core/flags";
import { AoCommand } from "../../../base-command.ts";
import { salvageArg } from "../../../flags.ts";
import { salvageJson } from "../../../render/salvage.ts";

export class SessionSalvageRestore extends AoCommand {
  static override summary = "Bring a removed session's work back, in a new worktree on a new branch.";
  static override description =
    "Files come back byte for byte, staged ones staged, a merge under way under way. Nothing is written over: path and branch must not exist. The salvage stays.";
  static override examples = [
    "<%= config.bin %> session salvage restore web-1",
    "<%= config.bin %> session salvage restore web-1 --to ../rescued --branch rescued",
  ];
  static override args = { salvage: salvageArg };
  static override flags = {
    to: Flags.string({ description: "where to make the worktree (default: below AO_HOME/worktrees)" }),
    branch: Flags.string({ char: "b", description: "branch to create (default: salvage/SALVAGE)" }),
  };

  async run() {
    const { args, flags } = await this.parse(SessionSalvageRestore);
    const client = await this.client();
    const { salvage, path, branch, notes } = await client.salvages.restore({
      salvage: args.salvage,
      path: flags.to === undefined ? "" : resolve(flags.to),
      branch: flags.branch ?? "",
    });
    this.print([`restored ${salvage.ref} on branch ${branch}`, path]);
    for (const note of notes) this.note(note);
    return { salvage: salvageJson(salvage), path, branch, notes };
  }
}
