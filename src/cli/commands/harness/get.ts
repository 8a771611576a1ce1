import * as Args from "@oclif/core/args";
import { AoCommand } from "../../base-command.ts";
import { harnessJson, harnessLines } from "../../render/harness.ts";

export class HarnessGet extends AoCommand {
  static override summary = "Show an agent: where it is, what ao can know of it, what its events mean.";
  static override examples = ["<%= config.bin %> harness get claude-code"];
  static override args = {
    id: Args.string({ description: "harness id (see `ao harness ls`)", required: true, ignoreStdin: true }),
  };

  async run() {
    const { args } = await this.parse(HarnessGet);
    const client = await this.client();
    const harness = await client.harnesses.get(args.id);
    this.print(harnessLines({ harness, width: this.context.width(), palette: this.context.palette }));
    return { harness: harnessJson(harness) };
  }
}
