import type { HarnessSpec } from "../spec.ts";
import { claudeHooks } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Claude Code. Facts seen with 2.1.330 against a mock model unless a line says otherwise.
 */
export const claudeCode: HarnessSpec = {
  id: "claude-code",
  displayName: "Claude Code",
  facts: {
    evidence: "seen",
    version: "2.1.330",
    source: "run against a mock model, terminal and -p",
    but: {
      events: {
        evidence: "seen",
        source: "the same, but for PermissionDenied (documented) and errors of StopFailure (its own list)",
      },
    },
  },
  binary: {
    names: ["claude"],
    variable: "AO_CLAUDE_CODE_BIN",
    extraDirs: ["~/.claude/local"],
    versionArgs: ["--version"],
    versionPattern: "^(\\S+) \\(Claude Code\\)",
    // npm: `claude` is a hard link of the native program; when the postinstall did not run it is a wrapper beside it.
    native: [
      "../../claude-code-{platform}-{arch}/claude",
      "../node_modules/@anthropic-ai/claude-code-{platform}-{arch}/claude",
    ],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "hooks" },
      { insert: "permission" },
      { when: "model", args: ["--model", "{model}"] },
      { when: "resume", args: ["--resume", "{resume}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    headless: [
      "{binary}",
      "--print",
      { insert: "hooks" },
      { insert: "permission" },
      { when: "model", args: ["--model", "{model}"] },
      { when: "resume", args: ["--resume", "{resume}"] },
      "--",
      "{prompt}",
    ],
    // Without the flag 2.1.330 runs in "auto" and shows no permission dialog.
    permission: {
      default: { args: ["--permission-mode", "default"] },
      "accept-edits": { args: ["--permission-mode", "acceptEdits"] },
      auto: { args: ["--permission-mode", "auto"] },
      "bypass-permissions": { args: ["--permission-mode", "bypassPermissions"] },
    },
    prompt: "in_command",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    // Added to the user's and the project's own hooks (seen). Timeout in seconds.
    files: [{ kind: "json", place: "launch", path: "settings.json", hooks: claudeHooks(10) }],
    args: ["--settings", "{dir}/settings.json"],
    env: {},
  },
  events: {
    SessionStart: "conversation_start",
    // Of clear and resume a SessionStart with another id follows in the same process. "other" comes some 150 ms before
    // the end by a signal or of a run without a terminal: no turn ends by it, and the exit says the rest.
    SessionEnd: [
      { when: [{ field: "reason", in: ["clear", "resume", "other"] }], means: "receipt" },
      { means: "conversation_end" },
    ],
    UserPromptSubmit: [
      { when: [{ field: "prompt", startsWith: "<task-notification>" }], means: "prompt_synthetic" },
      { means: "prompt" },
    ],
    PreToolUse: "tool_start",
    PostToolUse: "tool_end",
    PostToolUseFailure: "tool_end",
    PostToolBatch: "tool_batch_end",
    PermissionRequest: [
      { when: [{ field: "toolName", in: ["AskUserQuestion", "ExitPlanMode"] }], means: "question_request" },
      { means: "permission_request" },
    ],
    // The classifier of mode "auto" refused the tool: no dialog was shown. Documented, not seen.
    PermissionDenied: "tool_end",
    Notification: [
      { when: [{ field: "type", equals: "permission_prompt" }], means: "notify_permission" },
      { when: [{ field: "type", equals: "idle_prompt" }], means: "notify_idle" },
      { when: [{ field: "type", equals: "agent_needs_input" }], means: "notify_input" },
      { means: "receipt" },
    ],
    Stop: "turn_end",
    // Values of `error` read from the program's own list.
    StopFailure: [
      { when: [{ field: "reason", in: ["rate_limit", "billing_error"] }], means: "limit" },
      {
        when: [
          {
            field: "reason",
            in: [
              "authentication_failed",
              "oauth_org_not_allowed",
              "account_on_hold",
              "verification_required",
              "cloud_credential_error",
            ],
          },
        ],
        means: "auth_required",
      },
      { means: "turn_failed" },
    ],
    SubagentStart: "subagent_start",
    SubagentStop: "subagent_end",
    PreCompact: "compact_start",
    PostCompact: "compact_end",
  },
  // MessageDisplay races Stop: installed, it would call a finished turn running.
  otherEvents: [
    "ConfigChange",
    "CwdChanged",
    "DirectoryAdded",
    "Elicitation",
    "ElicitationResult",
    "FileChanged",
    "InstructionsLoaded",
    "MessageDisplay",
    "PostModelSwitch",
    "PreModelSwitch",
    "Setup",
    "TaskCompleted",
    "TaskCreated",
    "TeammateIdle",
    "UserPromptExpansion",
    "WorktreeCreate",
    "WorktreeRemove",
  ],
  payload: {
    fields: {
      nativeSessionId: ["session_id", "sessionId"],
      agentId: ["agent_id", "agentId"],
      toolName: ["tool_name", "toolName"],
      toolUseId: ["tool_use_id", "toolUseId"],
      reason: ["reason", "error"],
      source: ["source"],
      type: ["notification_type", "notificationType", "trigger"],
      prompt: ["prompt"],
      message: ["last_assistant_message", "lastAssistantMessage", "message"],
      transcriptPath: ["transcript_path", "transcriptPath"],
      cwd: ["cwd"],
    },
    toolInput: ["tool_input", "toolInput"],
    // The answers stand in the tool's own events only, not in the request.
    toolInputIgnored: ["answers", "annotations"],
    backgroundTasks: ["background_tasks", "backgroundTasks"],
  },
  capabilities: {
    hooks: true,
    permissionSignal: true,
    turnEndSignal: true,
    exitSignal: true,
    resume: true,
    secondWitness: true,
    answer: true,
  },
  limits: [
    "A denial, Esc and an approval fire no hook: its own status file tells them.",
    "A user's `disableAllHooks: true` silences ao's hooks too.",
  ],
  gates: [
    { gate: "trust", how: "named", note: "answer once; a worktree is trusted with its repository" },
    { gate: "api_key", how: "named", note: "answer once for a key in the environment" },
    { gate: "bypass_warning", how: "named", note: "answer once for mode bypass-permissions" },
    { gate: "onboarding", how: "named", note: "run `claude` once" },
    { gate: "login", how: "named", note: "run `claude`, then /login" },
  ],
  traits: { hooks: true, firstSignal: "launch", secondWitness: true },
  witness: { configDir: ["{CLAUDE_CONFIG_DIR}", "{HOME}/.claude"] },
  screen: {
    version: "2.1.330",
    gates: [
      {
        gate: "trust",
        lines: 10,
        all: ["^\\s*Quick safety check: Is this a project you", "Enter to confirm"],
      },
      { gate: "api_key", lines: 8, all: ["Do you want to use this API key\\?", "Enter to confirm"] },
      { gate: "bypass_warning", lines: 14, all: ["running in Bypass Permissions mode", "Enter to confirm"] },
      { gate: "onboarding", lines: 30, all: ["^Welcome to Claude Code"] },
      { gate: "login", lines: 30, all: ["^\\s*Select login method:"] },
      { gate: "login", lines: 10, all: ["Not logged in · Please run /login"] },
    ],
    dialog: [
      { lines: 2, all: ["^\\s*Esc to cancel( · |$)"] },
      { lines: 2, all: ["^\\s*(Enter to select|Enter to confirm) · "] },
      { lines: 2, all: ["· Esc to cancel\\s*$"] },
      // A plan to approve; without one it only asks to leave the mode.
      { lines: 10, all: ["Would you like to proceed\\?\\s*$", "^\\s*(❯ )?1\\. Yes"] },
      { lines: 8, all: ["^\\s*Exit plan mode\\?\\s*$", "^\\s*(❯ )?1\\. Yes"] },
    ],
    busy: [{ lines: 3, all: ["esc to interrupt"] }],
    ready: [{ lines: 4, all: ['^─{20,}\\s*\\n❯\\s*(Try ".*)?\\n─{20,}\\s*$', "( on\\b|\\? for shortcuts)"] }],
    // The "!" of its shell mode counts as text: what is typed after it would be run.
    composer: "─{20,}\\s*\\n(?:❯|(?=!))([^─]*)\\n─{20,}[^─]*$",
    placeholders: ['Try ".*"', "Press up to edit queued messages", "Once fixed, resend your message"],
  },
  // Before the first message only its settings are written, and `--resume` says "No conversation found" (seen).
  transcriptHolds: '"type":"(user|assistant)"',
  // Ctrl-C empties the composer; a second one, when it is empty, would end the agent.
  keys: { interrupt: ["Escape"], approve: ["Enter"], deny: ["Escape"], clear: ["C-c"] },
};
