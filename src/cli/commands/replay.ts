import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { parseTrace } from "../../core/replay/parse-trace.ts";
import { replayTrace } from "../../core/replay/replay-trace.ts";
import { AoCommand } from "../base-command.ts";
import { parseMoment } from "../parse-moment.ts";
import { textOfFile } from "../read-text.ts";
import { momentLines, replayJson, replayLines } from "../render/replay.ts";

export class Replay extends AoCommand {
  static override summary =
    "Show a recording of `ao record`: the status over time, and the rule behind each change.";
  static override description =
    "Needs no daemon: the recording says what each signal means, and the rules of this ao decide anew.";
  static override examples = [
    "<%= config.bin %> replay web-1.trace",
    "<%= config.bin %> replay web-1.trace --at +90s",
    "<%= config.bin %> replay web-1.trace --all --json",
  ];
  static override args = {
    file: Args.string({
      name: "file",
      description: "what `ao record` wrote",
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    all: Flags.boolean({ description: "every signal, also those that changed nothing" }),
    at: Flags.string({
      description: "what was known then: +90s from the beginning, or 14:05:10, or a date and time",
      helpValue: "TIME",
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Replay);
    const trace = parseTrace(await textOfFile("FILE", args.file), args.file);
    const steps = replayTrace(trace);
    const view = { trace, steps, width: this.context.width(), palette: this.context.palette };
    const start = steps[0]?.at ?? trace.header.recorded_ms;
    const at = flags.at === undefined ? undefined : parseMoment("--at", flags.at, start);
    this.print(at === undefined ? replayLines({ ...view, all: flags.all }) : momentLines({ ...view, at }));
    for (const gone of trace.header.compacted) this.note(`Not in the recording: ${gone}.`);
    return replayJson({ trace, steps, at, all: flags.all });
  }
}
