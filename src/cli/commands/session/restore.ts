import * as Flags from "@oclif/core/flags";
import { AoError } from "../../../core/errors.ts";
import { AoCommand } from "../../base-command.ts";
import { callerEnvironment } from "../../caller-environment.ts";
import { EXIT } from "../../failure.ts";
import { durationFlag, optionalSessionArg } from "../../flags.ts";
import { listAllSessions } from "../../list-all.ts";
import { textOrStdin } from "../../read-text.ts";
import { modeText, outcomeLine } from "../../render/restore.ts";
import { sessionJson } from "../../render/session-json.ts";
import { endedUnasked, restoreAll } from "../../restore-all.ts";

export class SessionRestore extends AoCommand {
  static override summary = "Start ended sessions again and continue their conversations.";
  static override description = [
    "The agent gets your present environment. A worktree that is gone is made again from its branch. The newest",
    "conversation the agent can resume goes on; where there was none yet, the saved prompt starts again; where there",
    "was one that cannot be resumed, nothing is started and the exit code is 1.",
    "",
    "--all takes every session whose process ended although nobody asked for it: lost, ended by a signal (exit codes",
    "129, 137 and 143 too), for want of memory, with its terminal or with the host. Left alone are those that were",
    "killed on request, finished or failed by themselves, or never started. Newest first; exit code 1 when one of",
    "them could not be restored.",
  ].join("\n");
  static override examples = [
    "<%= config.bin %> session restore web-1",
    '<%= config.bin %> session restore web-1 --prompt "Now fix the tests."',
    "<%= config.bin %> session restore --all --dry-run",
  ];
  static override args = { id: optionalSessionArg };
  static override flags = {
    prompt: Flags.string({
      description: 'prompt to continue with; "-" reads it from stdin',
      helpValue: "TEXT|-",
    }),
    fresh: Flags.boolean({
      description:
        "start a new conversation with the prompt, or with the saved one, whatever there is to resume",
      default: false,
    }),
    all: Flags.boolean({ description: "restore every session that ended unasked", default: false }),
    project: Flags.string({
      char: "p",
      description: "with --all: only sessions of this project",
      dependsOn: ["all"],
    }),
    limit: Flags.integer({
      description: "with --all: start at most so many",
      default: 10,
      min: 1,
      helpValue: "N",
    }),
    stagger: durationFlag({ description: "with --all: time between two starts (2s)", default: 2000 }),
    "dry-run": Flags.boolean({
      char: "n",
      description: "with --all: only say what would be restored",
      dependsOn: ["all"],
    }),
  };

  async run() {
    const { args, flags } = await this.parse(SessionRestore);
    if (flags.all === (args.id !== undefined)) throw which(flags.all);
    if (flags.all && (flags.fresh || flags.prompt !== undefined)) throw forOne();
    return args.id === undefined
      ? this.#restoreAll(flags)
      : this.#restoreOne(args.id, flags.prompt ?? "", flags.fresh);
  }

  async #restoreOne(sessionId: string, text: string, fresh: boolean) {
    const prompt = await textOrStdin(text, process.stdin);
    const client = await this.client();
    const environment = callerEnvironment(this.context.env);
    const { session, mode } = await client.sessions.restore({ sessionId, prompt, fresh, environment });
    const how = fresh ? "a new conversation" : modeText(mode);
    this.print([`${session.id} is ${session.status}: ${how}`]);
    return { session: sessionJson(session), mode };
  }

  async #restoreAll(flags: { project?: string; limit: number; stagger: number; "dry-run": boolean }) {
    const client = await this.client();
    const listed = await listAllSessions(client, { projectId: flags.project });
    const sessions = endedUnasked(listed);
    const others = listed.filter(({ restore }) => restore !== undefined).length - sessions.length;
    if (sessions.length === 0) this.note("no session ended unasked");
    if (others > 0) this.note(`${others} that ended on request or by themselves are left alone`);
    const outcomes = await restoreAll(client, sessions, {
      limit: flags.limit,
      staggerMs: flags.stagger,
      dryRun: flags["dry-run"],
      environment: callerEnvironment(this.context.env),
      tell: (outcome) => this.print([outcomeLine(outcome)]),
    });
    const isBad = outcomes.some(({ outcome }) => outcome === "failed" || outcome === "impossible");
    if (isBad && !flags["dry-run"]) process.exitCode = EXIT.failed;
    return { sessions: outcomes };
  }
}

function which(all: boolean): AoError {
  const problem = all ? "--all takes no session" : "missing ID, or --all";
  return new AoError("USAGE", { problem, hint: "Name one session, or pass --all; see `ao ls`." });
}

function forOne(): AoError {
  const hint = "Restore that session by its id.";
  return new AoError("USAGE", { problem: "--prompt and --fresh are for one session, not for --all", hint });
}
