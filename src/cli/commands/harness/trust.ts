import * as Args from "@oclif/core/args";
import { AoCommand } from "../../base-command.ts";
import { requireOwn } from "../../harness/require-own.ts";
import { harnessJson } from "../../render/harness.ts";

export class HarnessTrust extends AoCommand {
  static override summary = "Let the file of a harness of yours run, as it stands now.";
  static override description =
    "A harness decides which program ao starts, with which arguments and files, so ao runs one only after you have read it. A later change of the file is refused until it is trusted again.";
  static override examples = ["<%= config.bin %> harness trust my-agent"];
  static override args = {
    id: Args.string({ description: "id of the harness", required: true, ignoreStdin: true }),
  };

  async run() {
    const { args } = await this.parse(HarnessTrust);
    const client = await this.client();
    const { fileDigest } = await requireOwn(client, args.id);
    const harness = await client.harnesses.trust({ harnessId: args.id, fileDigest });
    this.print([`trusted ${harness.filePath}`, `sha256 ${harness.fileDigest}`]);
    this.note(
      harness.binaryPath === ""
        ? `the daemon does not find its program (looked for ${harness.binaries.join(", ")}); a session looks on the PATH of whoever spawns it, and ${harness.binaryVariable} names it anywhere`
        : `next: \`ao harness test ${args.id}\`, or \`ao spawn --agent ${args.id} --prompt "…"\``,
    );
    return { harness: harnessJson(harness) };
  }
}
