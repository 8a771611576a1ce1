import * as Args from "@oclif/core/args";
import { AoCommand } from "../../base-command.ts";
import { requireOwn } from "../../harness/require-own.ts";

export class HarnessDistrust extends AoCommand {
  static override summary =
    "Take back the trust in a harness of yours: sessions that run go on, new ones are refused.";
  static override examples = ["<%= config.bin %> harness distrust my-agent"];
  static override args = {
    id: Args.string({ description: "id of the harness", required: true, ignoreStdin: true }),
  };

  async run() {
    const { args } = await this.parse(HarnessDistrust);
    const client = await this.client();
    await requireOwn(client, args.id);
    await client.harnesses.distrust(args.id);
    this.print([`${args.id} may not run any more`]);
    return { id: args.id };
  }
}
