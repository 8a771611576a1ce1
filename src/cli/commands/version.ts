import { AoCommand } from "../base-command.ts";

export class Version extends AoCommand {
  static override summary = "Show the version of ao and of the Node it runs on.";
  static override examples = ["<%= config.bin %> version"];

  async run() {
    await this.parse(Version);
    const { version } = this.install.packageJson;
    const platform = `${process.platform}-${process.arch}`;
    this.print([`ao ${version} (node ${process.version}, ${platform})`]);
    return { version, node: process.version, platform };
  }
}
