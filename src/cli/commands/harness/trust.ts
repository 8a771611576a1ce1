import * as Args from "@oclif/core/args";
import { AoError } from "../../../core/errors.ts";
import { AoCommand } from "../../base-command.ts";
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
    const { fileDigest, filePath } = await client.harnesses.get(args.id);
    if (filePath === "") {
      const hint = "Only harnesses of your own, in AO_HOME/harnesses, need your trust.";
      throw new AoError("USAGE", { problem: `harness "${args.id}" ships with ao`, hint });
    }
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
