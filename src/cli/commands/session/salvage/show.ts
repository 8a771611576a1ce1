import { AoCommand } from "../../../base-command.ts";
import { salvageArg } from "../../../flags.ts";
import { salvageJson, salvageLines } from "../../../render/salvage.ts";

export class SessionSalvageShow extends AoCommand {
  static override summary = "Show what a salvage holds.";
  static override examples = ["<%= config.bin %> session salvage show web-1"];
  static override args = { salvage: salvageArg };

  async run() {
    const { args } = await this.parse(SessionSalvageShow);
    const client = await this.client();
    const salvage = await client.salvages.get(args.salvage);
    this.print(salvageLines(salvage, this.context.palette));
    return { salvage: salvageJson(salvage) };
  }
}
