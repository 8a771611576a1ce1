import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { AoError } from "../../../core/errors.ts";
import { AoCommand } from "../../base-command.ts";
import { harnessPath } from "../../harness/harness-file.ts";
import { harnessTemplate } from "../../harness/template.ts";

export class HarnessNew extends AoCommand {
  static override summary =
    "Begin a harness of your own: a file in AO_HOME/harnesses, with its schema beside it.";
  static override examples = ["<%= config.bin %> harness new my-agent --binary my-agent-cli"];
  static override args = {
    id: Args.string({ description: "id of the new harness", required: true, ignoreStdin: true }),
  };
  static override flags = {
    name: Flags.string({ description: "name for people (default: the id)" }),
    binary: Flags.string({ description: "name of its program (default: the id)" }),
  };

  async run() {
    const { args, flags } = await this.parse(HarnessNew);
    const { paths } = this.context;
    const path = harnessPath(paths, args.id);
    await mkdir(paths.harnessesDir, { recursive: true, mode: 0o700 });
    const text = harnessTemplate({
      id: args.id,
      name: flags.name ?? args.id,
      binary: flags.binary ?? args.id,
    });
    try {
      await writeFile(path, text, { flag: "wx", mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const hint = `Edit it, or choose another id; \`ao harness check ${args.id}\` says whether it is whole.`;
      throw new AoError("USAGE", { problem: `"${path}" is there already`, hint });
    }
    await copyFile(
      join(this.install.root, "gen/harness.schema.json"),
      join(paths.harnessesDir, "harness.schema.json"),
    );
    this.print([`made ${path}`]);
    this.note(
      `next: edit it (README.md, "Your own agent"), then \`ao harness check ${args.id}\` and \`ao harness trust ${args.id}\``,
    );
    return { id: args.id, path };
  }
}
