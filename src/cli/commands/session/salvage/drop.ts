import * as Flags from "@oclif/core/flags";
import { AoError } from "../../../../core/errors.ts";
import { salvageName } from "../../../../core/ports/workspaces.ts";
import { askYesNo } from "../../../ask.ts";
import { AoCommand } from "../../../base-command.ts";
import { salvageArg } from "../../../flags.ts";
import { salvageLines } from "../../../render/salvage.ts";

export class SessionSalvageDrop extends AoCommand {
  static override summary = "Delete a salvage for good.";
  static override description =
    "Asks first; without a terminal it takes --yes. Git keeps the commit some weeks more: the output says how to undo it.";
  static override examples = ["<%= config.bin %> session salvage drop web-1 --yes"];
  static override args = { salvage: salvageArg };
  static override flags = {
    yes: Flags.boolean({ char: "y", description: "do not ask" }),
  };

  async run() {
    const { args, flags } = await this.parse(SessionSalvageDrop);
    const client = await this.client();
    const salvage = await client.salvages.get(args.salvage);
    if (!flags.yes) {
      const problem = `dropping "${salvageName(salvage)}" deletes work that stands nowhere else`;
      if (!this.context.interactive || this.jsonEnabled())
        throw new AoError("USAGE", { problem, hint: "Say so with `--yes`." });
      this.note(salvageLines(salvage, this.context.palette).join("\n"));
      if (!(await askYesNo("Delete it?"))) {
        this.note("kept");
        return { dropped: null };
      }
    }
    const commit = await client.salvages.drop(salvage.ref);
    this.print([`dropped ${salvage.ref}`]);
    this.note(`undo, while git still has it: git update-ref ${salvage.ref} ${commit}`);
    return { dropped: { ref: salvage.ref, commit } };
  }
}
