import * as Args from "@oclif/core/args";
import { AoCommand } from "../../base-command.ts";
import { EXIT } from "../../failure.ts";
import { readHarnessFile } from "../../harness/harness-file.ts";
import { harnessJson, harnessLines, problemLines } from "../../render/harness.ts";

export class HarnessCheck extends AoCommand {
  static override summary =
    "Check the file of a harness: every mistake with its line and field, else what ao makes of it.";
  static override examples = [
    "<%= config.bin %> harness check my-agent",
    "<%= config.bin %> harness check ./my-agent.yaml",
  ];
  static override args = {
    file: Args.string({
      description: "path of the file, or the harness's id",
      required: true,
      ignoreStdin: true,
    }),
  };

  async run() {
    const { args } = await this.parse(HarnessCheck);
    const { paths, cwd, palette, width } = this.context;
    const file = await readHarnessFile(args.file, { paths, cwd });
    const client = await this.client();
    const { problems, advice, harness, digest } = await client.harnesses.check({
      text: file.text,
      harnessId: file.id,
    });
    if (harness) this.print([...harnessLines({ harness, width: width(), palette }), "", `${file.path}: ok`]);
    this.print(problemLines({ path: file.path, problems, palette }));
    if (advice.length > 0) {
      this.print([
        "",
        "It can run. What it leaves out:",
        ...problemLines({ path: file.path, problems: advice, palette }),
      ]);
    }
    if (harness && file.id !== "") await this.#nextStep(file.id, digest);
    if (problems.length > 0) process.exitCode = EXIT.failed;
    return { path: file.path, digest, problems, advice, harness: harness ? harnessJson(harness) : null };
  }

  async #nextStep(id: string, digest: string): Promise<void> {
    const { trust, fileDigest } = await (await this.client()).harnesses.get(id);
    this.note(
      trust === "trusted" && fileDigest === digest
        ? `next: \`ao harness test ${id}\``
        : `next: \`ao harness trust ${id}\``,
    );
  }
}
