import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Codex CLI. Facts seen with 0.169.0 against a mock model unless a line says otherwise.
 *
 * `--no-daemon` keeps hooks in the process ao started: the shared background server runs them with the environment of
 * whoever started it first.
 */
export const codex: HarnessSpec = {
  id: "codex",
  displayName: "Codex",
  facts: { evidence: "seen", version: "0.169.0", source: "run against a mock model, terminal and exec" },
  binary: {
    names: ["codex"],
    variable: "AO_CODEX_BIN",
    extraDirs: ["~/.cargo/bin"],
    versionArgs: ["--version"],
    versionPattern: "^codex(?:-cli)? (\\S+)",
    native: [
      "../../codex-{platform}-{arch}/vendor/*/bin/codex",
      "../node_modules/@openai/codex-{platform}-{arch}/vendor/*/bin/codex",
      "../vendor/*/bin/codex",
    ],
  },
  launch: {
    interactive: [
      "{binary}",
      "--no-daemon",
      { insert: "hooks" },
      "-c",
      "check_for_update_on_startup=false",
      { insert: "permission" },
      { when: "model", args: ["-m", "{model}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    resume: [
      "{binary}",
      "resume",
      "--no-daemon",
      { insert: "hooks" },
      "-c",
      "check_for_update_on_startup=false",
      { insert: "permission" },
      { when: "model", args: ["-m", "{model}"] },
      "{resume}",
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    headless: [
      "{binary}",
      "exec",
      { insert: "hooks" },
      { insert: "permission" },
      { when: "model", args: ["-m", "{model}"] },
      "--",
      "{prompt}",
    ],
    headlessResume: [
      "{binary}",
      "exec",
      { insert: "permission" },
      "resume",
      { insert: "hooks" },
      { when: "model", args: ["-m", "{model}"] },
      "--",
      "{resume}",
      "{prompt}",
    ],
    permission: {
      // The agent's own default for a trusted folder: edits and sandboxed commands run, all else asks.
      default: {
        args: ["-a", "on-request", "-s", "workspace-write"],
        headlessArgs: ["-s", "workspace-write"],
      },
      // Edits in the workspace are accepted by the sandbox already.
      "accept-edits": {
        args: ["-a", "on-request", "-s", "workspace-write"],
        headlessArgs: ["-s", "workspace-write"],
      },
      auto: { args: ["--approve-for-me"], headlessArgs: ["--approve-for-me"] },
      "bypass-permissions": {
        args: ["--dangerously-bypass-approvals-and-sandbox"],
        headlessArgs: ["--dangerously-bypass-approvals-and-sandbox"],
      },
    },
    prompt: "in_command",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "codex-config-flag",
    args: ["-c", "{hooks}"],
    // The agent caps SessionEnd and Interrupt at 3 s (documented).
    timeoutSeconds: 3,
    serverArgs: ["app-server", "-c", "{hooks}"],
  },
  events: {
    // Comes with the first prompt, not at launch; after a clear only with the next prompt.
    SessionStart: "conversation_start",
    // Of a cleared conversation it comes at the end of the process, after the new one's.
    SessionEnd: "conversation_end",
    UserPromptSubmit: "prompt",
    // One of its tools asks its person, in plan mode; elsewhere it fails at once. Its rollout tells which (the witness).
    PreToolUse: "tool_start",
    PostToolUse: "tool_end",
    PermissionRequest: "permission_request",
    PreCompact: "compact_start",
    PostCompact: "compact_end",
    SubagentStart: "subagent_start",
    SubagentStop: "subagent_end",
    Stop: "turn_end",
    // Esc, a denial, Ctrl-C: no Stop follows.
    Interrupt: "turn_interrupted",
  },
  // The notify program: also called for a hidden thread that makes the title.
  otherEvents: ["notify"],
  payload: {
    fields: {
      nativeSessionId: ["session_id", "sessionId"],
      agentId: ["agent_id", "agentId"],
      toolName: ["tool_name", "toolName"],
      toolUseId: ["tool_use_id", "toolUseId"],
      reason: ["reason"],
      source: ["source"],
      type: ["trigger"],
      prompt: ["prompt"],
      message: ["last_assistant_message", "lastAssistantMessage"],
      transcriptPath: ["transcript_path", "transcriptPath"],
      cwd: ["cwd"],
    },
    toolInput: ["tool_input", "toolInput"],
    // The request adds the model's justification, the tool's own events do not have it.
    toolInputIgnored: ["description"],
    backgroundTasks: [],
  },
  capabilities: {
    hooks: true,
    permissionSignal: true,
    turnEndSignal: true,
    // SessionEnd comes when a person quits; a SIGTERM, a closed terminal and SIGKILL are silent.
    exitSignal: false,
    resume: true,
    secondWitness: true,
    answer: true,
  },
  limits: [
    "An approval fires no hook and writes no file: the request ends at the tool's end, or when the screen shows no dialog.",
    "SIGTERM, a closed terminal and SIGKILL are silent: the launcher sees the end.",
    "A user's or a repository's own hooks keep their review dialog.",
  ],
  gates: [
    { gate: "trust", how: "named", note: "answer once; a worktree is trusted with its repository" },
    {
      gate: "hooks_review",
      how: "named",
      note: "about the user's and the repository's hooks; ao's own are trusted by hash",
    },
    { gate: "login", how: "named", note: "run `codex login`" },
    { gate: "update", how: "skipped", note: "check_for_update_on_startup=false" },
  ],
  traits: { hooks: true, firstSignal: "prompt", secondWitness: true, silentAnswers: true },
  witness: { codexHome: ["{CODEX_HOME}", "{HOME}/.codex"] },
  screen: {
    version: "0.169.0",
    gates: [
      { gate: "trust", lines: 14, all: ["^\\s*Trust this folder\\?", "Trust and continue"] },
      { gate: "hooks_review", lines: 10, all: ["^\\s*Hooks need review", "Review hooks"] },
      { gate: "login", lines: 16, all: ["Choose how you want to use Codex|Sign in with ChatGPT"] },
      { gate: "update", lines: 12, all: ["Update available!", "Update now", "Skip"] },
    ],
    dialog: [
      { lines: 2, all: ["^\\s*Press enter to confirm or esc to (cancel|go back)"] },
      { lines: 2, all: ["enter to submit (answer|all) .*\\| esc to (interrupt|clear notes)"] },
    ],
    busy: [{ lines: 12, all: ["^\\s*[•◦] .*esc to interrupt"] }],
    ready: [{ lines: 4, all: ["^› Ask Codex to do anything\\s*$"] }],
    // Its last "› " above the line with the model; lines that go on are indented. The "!" of its shell mode counts as
    // text: what is typed after it would be run.
    composer:
      "(?:^|\\n)(?:› |(?=!))((?:(?!\\n[›•◦■✗] )[\\s\\S])*?)\\n\\s*\\n  \\S[^\\n]* · [^\\n]*(?:\\n[^\\n]*)?$",
    placeholders: ["Ask Codex to do anything"],
  },
  // The first line alone can be resumed (seen), but holds no word of the conversation.
  transcriptHolds: '"role":"user"',
  keys: { interrupt: ["Escape"], approve: ["y"], deny: ["Escape"], clear: ["C-c"] },
};
