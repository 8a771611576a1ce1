import * as Flags from "@oclif/core/flags";
import { AoError } from "../../core/errors.ts";
import { AoCommand } from "../base-command.ts";
import type { Demo as RunningDemo } from "../demo/run-demo.ts";
import { EXIT } from "../failure.ts";
import { showLiveTable } from "../live-table.ts";
import { nextSteps, renderNextSteps } from "../render/next-steps.ts";
import { sessionJson } from "../render/session-json.ts";
import { renderSessionTable } from "../render/session-table.ts";
import { createSessionBoard } from "../session-board.ts";
import { stopSignal } from "../stop-signal.ts";

export class Demo extends AoCommand {
  static override summary = "See ao at work: three demo agents, one of them asking for you.";
  static override description = [
    "Uses a temporary repository and a daemon of its own, and cleans up everything; touches nothing of yours.",
    "Needs git and tmux, no account. Without a terminal it behaves as with --once.",
  ].join(" ");
  static override examples = ["<%= config.bin %> demo", "<%= config.bin %> demo --once"];
  static override flags = {
    once: Flags.boolean({ description: "print the table when each agent has reached its state, then end" }),
  };

  async run() {
    const { flags } = await this.parse(Demo);
    const { withDemo } = await import("../demo/run-demo.ts");
    const stop = stopSignal(process);
    const { signal } = stop;
    const onStep = (text: string) => this.note(this.context.palette.dim(text));
    const once = flags.once || this.jsonEnabled() || !this.context.interactive;
    try {
      return await withDemo(
        { ...this.context, daemonMain: this.install.daemonMain, onStep, signal },
        (demo) => (once ? this.#printOnce(demo) : this.#showLive(demo, signal)),
      );
    } catch (error) {
      if (signal.aborted) {
        process.exitCode = EXIT.interrupted;
        return undefined;
      }
      if (error instanceof AoError && error.reason === "RUNTIME_UNAVAILABLE")
        this.note("the demo's agents ask in a terminal: `apt install tmux` or `brew install tmux`");
      throw error;
    }
  }

  async #printOnce(demo: RunningDemo) {
    const sessions = await demo.reachStates();
    const { palette } = this.context;
    const now = Date.now();
    this.print(renderSessionTable({ sessions, now, width: this.context.width(), palette }));
    this.print([
      "",
      "what you would type next:",
      ...renderNextSteps(nextSteps(sessions, this.context.program), palette),
    ]);
    return { sessions: sessions.map(sessionJson) };
  }

  async #showLive(demo: RunningDemo, signal: AbortSignal) {
    const { palette } = this.context;
    await showLiveTable({
      board: createSessionBoard(demo.client),
      context: this.context,
      process,
      signal,
      title: "ao demo",
      lead: [
        "In another terminal, type:",
        `  ${palette.cyan(`export AO_HOME=${demo.home.paths.home}`)}  ${palette.dim("this demo, not your own sessions")}`,
      ],
    });
    return undefined;
  }
}
