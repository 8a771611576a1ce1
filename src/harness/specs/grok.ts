import type { HarnessSpec } from "../spec.ts";
import { claudeHooks } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Grok Build. Facts seen with 1.0.41 (@xai-official/grok) against a mock model.
 *
 * Hooks of a project run only where the user trusts it, the user's own always: so it is given a copy of its directory made
 * of links, in which one file of hooks more stands. Its credentials it keeps where the user has them.
 */
export const grok: HarnessSpec = {
  id: "grok",
  displayName: "Grok Build",
  facts: {
    evidence: "seen",
    version: "1.0.41",
    source: "run against a mock model in a terminal",
  },
  binary: {
    names: ["grok"],
    variable: "AO_GROK_BIN",
    extraDirs: ["~/.grok/bin"],
    versionArgs: ["--version"],
    versionPattern: "grok (\\d+\\.\\S+)",
    // Where the package's install script has not run, npm's launcher unpacks the program into ~/.grok/bin and stays its parent.
    native: ["grok-native"],
  },
  launch: {
    interactive: [
      "{binary}",
      "--no-auto-update",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    headless: [
      "{binary}",
      "--no-auto-update",
      { insert: "permission" },
      { when: "model", args: ["--model={model}"] },
      { when: "resume", args: ["--resume={resume}"] },
      "--single={prompt}",
    ],
    permission: {
      default: {},
      "accept-edits": { args: ["--permission-mode=acceptEdits"] },
      auto: { args: ["--permission-mode=auto"] },
      "bypass-permissions": { args: ["--permission-mode=bypassPermissions"] },
    },
    prompt: "in_command",
    env: {
      // A turn that is stopped before its first word tells its end then, and its prompt is not put back to be sent again.
      GROK_CANCEL_REWIND: "0",
      // Its guess at the next prompt stands in the composer like somebody's draft.
      GROK_PROMPT_SUGGESTIONS: "0",
      // Enter at the first dialog approves what it asks for, not everything from then on.
      GROK_DEFAULT_SELECTED_PERMISSION: "allow_once",
    },
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    // Timeout in seconds.
    files: [{ kind: "json", place: "launch", path: "grok-home/hooks/ao.json", hooks: claudeHooks(10) }],
    mirror: {
      from: ["{GROK_HOME}", "{HOME}/.grok"],
      to: "grok-home",
      make: ["bin", "sessions", "logs", "memory", "worktrees"],
      expect: [
        "config.toml",
        "trusted_folders.toml",
        "active_sessions.json",
        "agent_id",
        "mcp_credentials.json",
        "slash-mru.json",
        "worktrees.db",
      ],
    },
    args: [],
    env: {
      GROK_HOME: "{dir}/grok-home",
      // Beside it stands the lock under which a token is renewed: sessions that had one each would log each other out.
      GROK_AUTH_PATH: ["{GROK_AUTH_PATH}", "{GROK_HOME}/auth.json", "{HOME}/.grok/auth.json"],
    },
  },
  events: {
    // `source` is "new" at the start and after /new, "load" of one that is resumed.
    SessionStart: "conversation_start",
    SessionEnd: "conversation_end",
    UserPromptSubmit: [
      // Of background commands and subagents that have ended.
      { when: [{ field: "prompt", startsWith: "<system-reminder>" }], means: "prompt_synthetic" },
      { means: "prompt" },
    ],
    PreToolUse: "tool_start",
    PostToolUse: "tool_end",
    PostToolUseFailure: "tool_end",
    // Of a No a StopCancelled follows within 60 ms; of a rule's the turn goes on.
    PermissionDenied: "receipt",
    Notification: [
      // A plan to approve.
      {
        when: [
          { field: "type", equals: "permission_prompt" },
          { field: "message", startsWith: "Plan approval" },
        ],
        means: "question_request",
      },
      // Only of a dialog that opens; a tool that needs none tells of none.
      { when: [{ field: "type", equals: "permission_prompt" }], means: "permission_request" },
      { when: [{ field: "type", equals: "elicitation_dialog" }], means: "question_request" },
      // A minute after the end of a turn, however it ended.
      { when: [{ field: "type", equals: "idle_prompt" }], means: "notify_idle" },
      { means: "receipt" },
    ],
    Stop: [
      // A second one behind SessionEnd.
      { when: [{ field: "reason", in: ["shutdown", "channel_closed"] }], means: "receipt" },
      { means: "turn_end" },
    ],
    StopFailure: [
      { when: [{ field: "reason", equals: "rate_limit" }], means: "limit" },
      { when: [{ field: "reason", equals: "authentication_failed" }], means: "auth_required" },
      { means: "turn_failed" },
    ],
    // Of Ctrl-C and of a denial, instead of Stop.
    StopCancelled: "turn_interrupted",
    SubagentStart: "subagent_start",
    SubagentStop: "subagent_end",
    PreCompact: "compact_start",
    PostCompact: "compact_end",
  },
  otherEvents: [],
  payload: {
    fields: {
      nativeSessionId: ["sessionId"],
      // The second one stands in what a subagent's own conversation tells.
      agentId: ["subagentId", "subagentType"],
      toolName: ["toolName"],
      toolUseId: ["toolUseId"],
      reason: ["reason", "error"],
      source: ["source"],
      type: ["notificationType"],
      prompt: ["prompt"],
      message: ["lastAssistantMessage", "message"],
      transcriptPath: ["transcriptPath"],
      cwd: ["cwd"],
    },
    toolInput: ["toolInput"],
    toolInputIgnored: [],
    // Its own list leaves its subagents out: those that were seen to begin are counted.
    backgroundTasks: [],
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
    "An approval fires no hook: ao sees it when the dialog is gone from the screen.",
    "A compaction that fails fires no hook: ao sees it when the composer stands again.",
    "Commands that it leaves in the background are not counted; subagents are.",
    "A dialog of a subagent is told as the root's while the root's own turn runs.",
    "Settings and trust that it saves by replacing a file of its own directory are kept for this launch alone.",
    "A prompt that is stopped before its first word is not put back into its composer (GROK_CANCEL_REWIND), and it suggests no next prompt (GROK_PROMPT_SUGGESTIONS).",
  ],
  gates: [
    { gate: "trust", how: "named", note: "answer once; a worktree is trusted with its repository" },
    { gate: "login", how: "named", note: "run `grok` once and log in, or give it a model of your own" },
    { gate: "update", how: "skipped", note: "--no-auto-update" },
  ],
  traits: { hooks: true, firstSignal: "launch", secondWitness: true, silentAnswers: true },
  witness: {},
  screen: {
    version: "1.0.41",
    gates: [
      {
        gate: "trust",
        lines: 16,
        all: ["^\\s*Do you trust the contents of this directory\\?", "^\\s*Yes, proceed"],
      },
      { gate: "login", lines: 16, all: ["^\\s*Login with Grok\\s"] },
    ],
    dialog: [
      { lines: 2, all: ["^\\s*1/\\d+:select  │"] },
      { lines: 2, all: ["^\\s*Tab:next answer  │"] },
      { lines: 4, all: ["─ [^─\\n]* · plan approval ─╯"] },
    ],
    busy: [
      { lines: 8, all: ["\\[stop\\]\\s*$"] },
      { lines: 1, all: ["Ctrl\\+c:cancel"] },
    ],
    ready: [{ lines: 5, all: ["^\\s*│ ❯\\s*│\\s*$", "^\\s*╰─+ .* ─╯\\s*$"] }],
    tellsTurns: true,
    composer: "│ ❯([^\\n]*(?:\\n[^\\S\\n]*│[^\\n]*)*)\\n[^\\S\\n]*╰─[^\\n]*╯(?:\\n[^\\n]*){0,3}$",
    composerMargin: "^[^\\S\\n]*│|│[^\\S\\n]*$",
    placeholders: ["Build anything", "Type a message\\.\\.\\."],
  },
  // Escape never stops a turn. A second Ctrl-C at an empty composer ends the agent.
  keys: {
    interrupt: ["C-c"],
    rows: {
      approve: "^\\s*┃\\s+(\\d) \\(.\\) Yes(?:, proceed|, [a-z ]*once)?\\s*$",
      deny: "^\\s*┃\\s+(\\d) \\(.\\) No, reject",
    },
    clear: ["C-u"],
  },
};
