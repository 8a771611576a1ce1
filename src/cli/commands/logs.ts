import * as Flags from "@oclif/core/flags";
import { AoCommand } from "../base-command.ts";
import { sessionArg } from "../flags.ts";
import { followLogs } from "../follow-logs.ts";
import { stopSignal } from "../stop-signal.ts";

export class Logs extends AoCommand {
  static override summary = "Print what a session's terminal shows.";
  static override examples = ["<%= config.bin %> logs web-1", "<%= config.bin %> logs web-1 -n 50 -f"];
  static override args = { id: sessionArg };
  static override flags = {
    lines: Flags.integer({ char: "n", description: "lines from the end (default 200)", min: 1, max: 10_000 }),
    follow: Flags.boolean({ char: "f", description: "go on printing what is added, until the session ends" }),
  };

  async run() {
    const { args, flags } = await this.parse(Logs);
    const client = await this.client();
    if (!flags.follow) {
      const text = await client.sessions.terminal({ sessionId: args.id, lines: flags.lines });
      const shown = text.replace(/\s+$/u, "");
      this.print(shown ? [shown] : []);
      return { text };
    }
    const stop = stopSignal(process);
    await followLogs({
      client,
      sessionId: args.id,
      lines: flags.lines,
      write: (lines) => this.#writeFollowed(lines),
      signal: stop.signal,
    });
    return undefined;
  }

  #writeFollowed(lines: readonly string[]): void {
    const shown = this.jsonEnabled() ? lines.map((line) => JSON.stringify({ line })) : lines;
    process.stdout.write(shown.map((line) => `${line}\n`).join(""));
  }
}
