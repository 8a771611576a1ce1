import { AoCommand } from "../base-command.ts";
import { sessionArg } from "../flags.ts";
import { explainJson, explainLines } from "../render/explain.ts";

export class Explain extends AoCommand {
  static override summary =
    "Say why a session has its status: the signal it rests on, what speaks against it, the rules that led here.";
  static override examples = ["<%= config.bin %> explain web-1", "<%= config.bin %> explain web-1 --json"];
  static override args = { id: sessionArg };

  async run() {
    const { args } = await this.parse(Explain);
    const client = await this.client();
    const explanation = await client.activity.explain(args.id);
    const { palette, program } = this.context;
    const width = this.context.width();
    this.print(explainLines({ explanation, now: Date.now(), width, palette, program }));
    return explainJson(explanation);
  }
}
