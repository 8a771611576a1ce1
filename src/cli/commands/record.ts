import { resolve } from "node:path";
import * as Flags from "@oclif/core/flags";
import { formatTrace } from "../../core/replay/make-trace.ts";
import type { Trace } from "../../core/replay/trace.ts";
import { writeFileAtomic } from "../../util/atomic-file.ts";
import { AoCommand } from "../base-command.ts";
import { sessionArg } from "../flags.ts";
import { recordSession } from "../record-session.ts";
import { usageError } from "../usage-error.ts";

export class RecordSession extends AoCommand {
  static override summary = "Write a recording of a session's signals: a bug report that `ao replay` shows.";
  static override description =
    "Holds what ao knew and when: hooks, what second witnesses and probes saw, how it ended. Prompts, messages and " +
    "paths are left out, each as its length and a digest. Works for ended sessions too.";
  static override examples = [
    "<%= config.bin %> record web-1 -o web-1.trace",
    "<%= config.bin %> record web-1 --with-text > web-1.trace",
  ];
  static override args = { id: sessionArg };
  static override flags = {
    output: Flags.string({ char: "o", description: "file to write; stdout without it", helpValue: "FILE" }),
    "with-text": Flags.boolean({ description: "keep prompts, messages and paths as they are" }),
  };

  async run() {
    const { args, flags } = await this.parse(RecordSession);
    const client = await this.client();
    const trace = await recordSession(client, {
      sessionId: args.id,
      version: this.install.packageJson.version,
      home: this.context.env.HOME ?? "",
      withText: flags["with-text"],
    });
    for (const gone of trace.header.compacted) this.note(`Not in the log any more: ${gone}.`);
    if (flags.output === undefined) this.print([formatTrace(trace).trimEnd()]);
    else await this.#write(flags.output, trace);
    return {
      session: trace.header.session,
      file: flags.output === undefined ? null : resolve(flags.output),
      signals: trace.signals.length,
      redacted: trace.header.redacted,
      compacted: trace.header.compacted,
      ...(flags.output === undefined && { header: trace.header, lines: trace.signals }),
    };
  }

  async #write(path: string, trace: Trace): Promise<void> {
    try {
      await writeFileAtomic(path, formatTrace(trace));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!code) throw error;
      throw usageError(new Error(`-o "${path}" cannot be written (${code})`), this.id);
    }
    const what = trace.header.redacted ? "without prompts, messages and paths" : "with prompts and messages";
    this.note(
      `${trace.signals.length} signals in ${path}, ${what}. See \`${this.context.program} replay ${path}\`.`,
    );
  }
}
