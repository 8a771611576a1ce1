import * as Flags from "@oclif/core/flags";
import type { PermissionMode, RuntimeKind, SessionKind, Status } from "../../core/session.ts";
import { STATUSES } from "../../core/session.ts";
import { AoCommand } from "../base-command.ts";
import { callerEnvironment } from "../caller-environment.ts";
import { findProject } from "../find-project.ts";
import { durationFlag } from "../flags.ts";
import { textOfFile, textOrStdin } from "../read-text.ts";
import { sessionJson } from "../render/session-json.ts";
import { statusCell, waitingText } from "../render/session-table.ts";

const PERMISSION_MODES = ["default", "accept-edits", "auto", "bypass-permissions"] as const;
const KINDS = ["worker", "orchestrator"] as const;
const RUNTIMES = ["tmux", "process"] as const;
/** What `--wait` waits for: any status that is not on the way. */
const SETTLED = STATUSES.filter((status: Status) => status !== "starting" && status !== "working");

export class Spawn extends AoCommand {
  static override summary = "Start an agent on a task, in a worktree and on a branch of its own.";
  static override description = [
    "Inside a registered repository --project is not needed.",
    "The agent gets your present environment.",
  ].join(" ");
  static override examples = [
    '<%= config.bin %> spawn --agent claude-code --prompt "Fix the failing test."',
    "<%= config.bin %> spawn --project web --agent codex --prompt-file task.md --name login-page",
    "git diff | <%= config.bin %> spawn --agent opencode --prompt - --wait",
  ];
  static override flags = {
    project: Flags.string({ char: "p", description: "id of the project (default: the one you are in)" }),
    harness: Flags.string({
      char: "a",
      aliases: ["agent"],
      description: "the agent to start, also --agent (default: the project's)",
    }),
    prompt: Flags.string({
      description: 'the task; "-" reads it from stdin; without one the agent starts at its empty prompt',
      helpValue: "TEXT|-",
      exclusive: ["prompt-file"],
    }),
    "prompt-file": Flags.string({ description: "file that holds the task", helpValue: "FILE" }),
    name: Flags.string({ description: "name for people; commands take it instead of the id" }),
    branch: Flags.string({ description: "branch to create (default: ao/<session>)" }),
    base: Flags.string({ description: "branch or commit to start from (default: the project's branch)" }),
    model: Flags.string({ description: "model, in the agent's own notation" }),
    "permission-mode": Flags.string({
      description: "how much the agent may do without asking",
      options: [...PERMISSION_MODES],
    }),
    kind: Flags.string({ description: "what the session is for", options: [...KINDS] }),
    issue: Flags.string({ description: "the issue it is for; free text" }),
    runtime: Flags.string({ description: "where the agent runs", options: [...RUNTIMES] }),
    "request-id": Flags.string({ description: "start at most one session under this id" }),
    wait: Flags.boolean({ description: "return when it needs you, is idle or has ended" }),
    timeout: durationFlag({ description: "how long --wait waits (default 10m)", dependsOn: ["wait"] }),
  };

  async run() {
    const { flags } = await this.parse(Spawn);
    const promptFile = flags["prompt-file"];
    const prompt =
      promptFile === undefined
        ? await textOrStdin(flags.prompt ?? "", process.stdin)
        : await textOfFile("--prompt-file", promptFile);
    const client = await this.client();
    const spawned = await client.sessions.spawn({
      projectId: await findProject(client, { named: flags.project, cwd: this.context.cwd() }),
      harness: flags.harness,
      prompt,
      name: flags.name,
      branch: flags.branch,
      baseRef: flags.base,
      model: flags.model,
      permissionMode: flags["permission-mode"] as PermissionMode | undefined,
      kind: flags.kind as SessionKind | undefined,
      issue: flags.issue,
      runtime: flags.runtime as RuntimeKind | undefined,
      requestId: flags["request-id"],
      environment: callerEnvironment(this.context.env),
    });
    this.print([`${spawned.id} started on branch ${spawned.workspace.branch}`]);
    if (!flags.wait) {
      this.note(`see it with \`ao attach ${spawned.id}\`, all of them with \`ao ls\``);
      return { session: sessionJson(spawned) };
    }
    const session = await client.sessions.wait({
      sessionId: spawned.id,
      statuses: SETTLED,
      timeoutMs: flags.timeout,
    });
    const news = waitingText(session) || session.statusReason || session.summary;
    this.print([`${session.id} ${statusCell(session.status).text}${news ? `: ${news}` : ""}`]);
    return { session: sessionJson(session) };
  }
}
