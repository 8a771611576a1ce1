import * as Args from "@oclif/core/args";
import { AoError } from "../../../core/errors.ts";
import { AoCommand } from "../../base-command.ts";
import type { AoClient } from "../../client-types.ts";
import { EXIT } from "../../failure.ts";
import { readHarnessFile } from "../../harness/harness-file.ts";
import { textOfFile, textOrStdin } from "../../read-text.ts";
import { problemLines } from "../../render/harness.ts";
import { countedLines, screenJson, screenRowLines } from "../../render/screen.ts";

export class HarnessScreen extends AoCommand {
  static override summary = "Show how a screen is read: what each row of a harness's `screen` says of it.";
  static override description =
    "The screen is a file, or standard input. A harness of yours is read from its file as it stands, trusted or not.";
  static override examples = [
    "<%= config.bin %> logs web-1 | <%= config.bin %> harness screen my-agent",
    "<%= config.bin %> harness screen ./my-agent.yaml saved-screen.txt",
  ];
  static override args = {
    harness: Args.string({
      description: "id of the harness, or the path of its file",
      required: true,
      ignoreStdin: true,
    }),
    file: Args.string({
      description: "file with the screen, - for standard input",
      default: "-",
      ignoreStdin: true,
    }),
  };

  async run() {
    const { args } = await this.parse(HarnessScreen);
    const client = await this.client();
    const { path, ...source } = await this.#sourceOf(client, args.harness);
    const screen =
      args.file === "-" ? await textOrStdin("-", process.stdin) : await textOfFile("screen", args.file);
    const { explanation, problems } = await client.harnesses.readScreen({ ...source, screen });
    const { palette } = this.context;
    this.print(problemLines({ path, problems, palette }));
    if (!explanation) {
      process.exitCode = EXIT.failed;
      return { harness: args.harness, problems };
    }
    this.print([
      ...screenRowLines(explanation, palette),
      "",
      "its last lines, counted as `lines` does:",
      ...countedLines(screen, explanation),
    ]);
    return { harness: args.harness, problems, ...screenJson(explanation) };
  }

  /** A file of the user's, else a harness that ships with ao. */
  async #sourceOf(
    client: AoClient,
    name: string,
  ): Promise<{ path: string; text?: string; harnessId?: string }> {
    const { paths, cwd } = this.context;
    try {
      const { path, id, text } = await readHarnessFile(name, { paths, cwd });
      return { path, text, harnessId: id };
    } catch (error) {
      if (!(error instanceof AoError) || error.reason !== "HARNESS_NOT_FOUND") throw error;
      await client.harnesses.get(name);
      return { path: "", harnessId: name };
    }
  }
}
