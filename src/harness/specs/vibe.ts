import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Mistral Vibe. Facts seen with 3.0.2 (mistral-vibe) against a mock model.
 *
 * Hooks of a project run in trusted folders only, the user's own always: so it is given a copy of its directory made of
 * links, in which the file of hooks is the user's with ao's added.
 */
export const vibe: HarnessSpec = {
  id: "vibe",
  displayName: "Mistral Vibe",
  facts: {
    evidence: "seen",
    version: "3.0.2",
    source: "run against a mock model in a terminal",
  },
  binary: {
    names: ["vibe"],
    variable: "AO_VIBE_BIN",
    extraDirs: ["~/.local/share/uv/tools/mistral-vibe/bin"],
    versionArgs: ["--version"],
    versionPattern: "vibe (\\d+\\.\\S+)",
    // A script that becomes the program.
    native: [],
  },
  launch: {
    interactive: [
      "{binary}",
      { insert: "permission" },
      { when: "resume", args: ["--resume={resume}"] },
      { when: "prompt", args: ["--", "{prompt}"] },
    ],
    headless: [
      "{binary}",
      { insert: "permission" },
      { when: "resume", args: ["--resume={resume}"] },
      "--prompt={prompt}",
    ],
    permission: {
      // Its own default is accept-edits.
      default: {},
      "accept-edits": { args: ["--agent=accept-edits"] },
      auto: { args: ["--smart-approve"] },
      "bypass-permissions": { args: ["--auto-approve"] },
    },
    prompt: "in_command",
    env: {},
    unsetEnv: NESTED_AGENT_VARIABLES,
  },
  hooks: {
    strategy: "files",
    files: [
      {
        kind: "toml",
        place: "launch",
        path: "vibe-home/hooks.toml",
        base: ["{VIBE_HOME}/hooks.toml", "{HOME}/.vibe/hooks.toml"],
        table: "hooks",
        // Timeout in seconds. Without `match` it runs for every tool.
        entry: { name: "ao-{event}", type: "{event}", command: "{command}", timeout: 10 },
      },
    ],
    mirror: {
      from: ["{VIBE_HOME}", "{HOME}/.vibe"],
      to: "vibe-home",
      make: ["logs"],
      expect: [".env", "config.toml", "trusted_folders.toml", "ui_startup_config.json", "vibehistory"],
    },
    args: [],
    env: { VIBE_HOME: "{dir}/vibe-home" },
  },
  events: {
    pre_tool: "tool_start",
    post_tool: "tool_end",
    post_agent: "turn_end",
  },
  otherEvents: [],
  payload: {
    fields: {
      nativeSessionId: ["session_id"],
      parentSessionId: ["parent_session_id"],
      toolName: ["tool_name"],
      toolUseId: ["tool_call_id"],
      transcriptPath: ["transcript_path"],
      cwd: ["cwd"],
    },
    toolInput: ["tool_input"],
    toolInputIgnored: [],
    backgroundTasks: [],
  },
  capabilities: {
    hooks: true,
    permissionSignal: false,
    turnEndSignal: true,
    exitSignal: false,
    resume: true,
    secondWitness: true,
    answer: true,
  },
  limits: [
    "Its hooks tell of tools and of the end of a turn; prompts, dialogs, Esc and errors ao reads in the journal of its session.",
    "A prompt shows without its text: no hook carries it.",
    "A model is chosen in its own settings.",
    "Files that it replaces in its own directory, rather than writes to, are kept for this launch alone.",
  ],
  gates: [
    {
      gate: "trust",
      how: "named",
      note: "it asks where a folder brings rules or settings: answer on its screen",
    },
    { gate: "login", how: "named", note: "run `vibe --setup` once" },
  ],
  traits: { hooks: true, firstSignal: "prompt", secondWitness: true },
  witness: { sessions: ["{VIBE_HOME}/logs/session", "{HOME}/.vibe/logs/session"] },
  screen: {
    version: "3.0.2",
    gates: [
      { gate: "trust", lines: 16, all: ["│\\s+Trust this folder\\?\\s+│", "1\\. Trust folder"] },
      { gate: "login", lines: 8, all: ["Welcome to Mistral Vibe", "^\\s*Enter continue\\s*$"] },
    ],
    dialog: [{ lines: 4, all: ["^│ ↑↓/jk navigate  Enter select  Esc (reject|cancel)"] }],
    busy: [
      { lines: 6, all: ["\\(\\d+[hms \\d]* Esc/Ctrl\\+C to interrupt\\)\\s*$"] },
      { lines: 8, all: ["^.{0,4}Initializing…"] },
    ],
    ready: [{ lines: 4, all: ["^─{10,}[^\\n]*\\n>\\s*\\n─{10,}\\s*$"] }],
    tellsTurns: true,
    composer: "\\n─{10,}[^\\n]*\\n(?:>|(?=[/!]))([^─]*)\\n─{10,}[^\\n]*\\n[^\\n]*$",
  },
  keys: {
    interrupt: ["Escape"],
    rows: { approve: "^│\\s+(?:› )?(\\d)\\. Allow once\\s", deny: "^│\\s+(?:› )?(\\d)\\. Deny\\s" },
    clear: ["C-u"],
  },
};
