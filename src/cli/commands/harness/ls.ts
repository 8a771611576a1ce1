import { AoCommand } from "../../base-command.ts";
import { listAllHarnesses } from "../../list-all.ts";
import { harnessJson, harnessTable } from "../../render/harness.ts";

export class HarnessLs extends AoCommand {
  static override summary = "List the agents ao knows and whether they are installed.";
  static override examples = ["<%= config.bin %> harness ls"];

  async run() {
    await this.parse(HarnessLs);
    const client = await this.client();
    const harnesses = await listAllHarnesses(client);
    this.print(harnessTable({ harnesses, width: this.context.width(), palette: this.context.palette }));
    return { harnesses: harnesses.map(harnessJson), nextPageToken: "" };
  }
}
