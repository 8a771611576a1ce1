import * as Flags from "@oclif/core/flags";
import { AoCommand } from "../base-command.ts";
import { EXIT } from "../failure.ts";
import { showLiveTable } from "../live-table.ts";
import { createSessionBoard } from "../session-board.ts";
import { type StopSignal, stopSignal } from "../stop-signal.ts";
import { watchAsJson, watchAsText } from "../watch-lines.ts";

export class Watch extends AoCommand {
  static override summary = "Show sessions live; in a pipe, a line for each change.";
  static override description = [
    "q ends it. It survives restarts of the daemon.",
    "With --json a line per message: a snapshot first, or with --after every change after that revision, exactly once.",
  ].join(" ");
  static override examples = [
    "<%= config.bin %> watch",
    "<%= config.bin %> watch --json --after 42 --epoch e5d0c1b2a3f49687",
    "<%= config.bin %> watch --project web | grep needs_input",
  ];
  static override flags = {
    project: Flags.string({ char: "p", description: "only sessions of this project" }),
    after: Flags.integer({ description: "resume after this revision", helpValue: "REVISION", min: 0 }),
    epoch: Flags.string({
      description: "the revision's epoch: an error if the database was put back since",
      helpValue: "EPOCH",
      dependsOn: ["after"],
    }),
  };

  async run() {
    const { flags } = await this.parse(Watch);
    const client = await this.client();
    // The stream itself would wait for a project that may come; a person has mistyped.
    if (flags.project) await client.projects.get(flags.project);
    const stop = stopSignal(process);
    const { signal } = stop;
    if (!this.jsonEnabled() && this.context.interactive && flags.after === undefined) {
      const board = createSessionBoard(client, flags.project);
      await showLiveTable({ board, context: this.context, process, signal });
      return undefined;
    }
    const write = (line: string) => void process.stdout.write(`${line}\n`);
    const options = {
      client,
      afterRevision: flags.after,
      afterEpoch: flags.epoch,
      projectId: flags.project,
      write,
      signal,
    };
    await (this.jsonEnabled() ? watchAsJson(options) : watchAsText(options));
    markInterrupted(stop);
    return undefined;
  }
}

/** By convention a program that a signal ended says so, here for Ctrl-C. */
function markInterrupted(stop: StopSignal): void {
  if (stop.received() === "SIGINT") process.exitCode = EXIT.interrupted;
}
