import type { HarnessSpec } from "../spec.ts";
import { CLAUDE_SHAPED_PAYLOAD, UNREAD_SCREEN } from "./hook-shapes.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";

/**
 * Mistral Vibe. Not run here: facts as documented.
 *
 * Hooks of a project run in trusted folders only, the user's own always: so it is given a copy of its directory made of
 * links, in which the file of hooks is the user's with ao's added.
 */
export const vibe: HarnessSpec = {
  id: "vibe",
  displayName: "Mistral Vibe",
  facts: {
    evidence: "documented",
    version: "",
    source: "how another orchestrator drives it, mid 2026; vendor's hooks and agents pages",
    but: {
      screen: { evidence: "assumed", source: "nobody has recorded its screens" },
      keys: { evidence: "assumed", source: "as in other agents" },
      hooks: { evidence: "assumed", source: "that VIBE_HOME moves the user's hooks.toml with the rest" },
    },
  },
  binary: {
    names: ["vibe"],
    variable: "AO_VIBE_BIN",
    extraDirs: ["~/.local/share/uv/tools/mistral-vibe/bin"],
    versionArgs: ["--version"],
    versionPattern: "(\\d+\\.\\S+)",
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
      default: {},
      "accept-edits": { args: ["--agent=accept-edits"] },
      "bypass-permissions": { args: ["--agent=auto-approve"] },
    },
    permissionHint: 'Vibe knows "default" (its own setting), "accept-edits" and "bypass-permissions".',
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
        // Timeout in seconds.
        entry: { name: "ao-{event}", type: "{event}", match: "*", command: "{command}", timeout: 10 },
        entryOf: { post_agent: { name: "ao-{event}", type: "{event}", command: "{command}", timeout: 10 } },
      },
    ],
    mirror: {
      from: ["{VIBE_HOME}", "{HOME}/.vibe"],
      to: "vibe-home",
      make: ["logs"],
      expect: [".env", "config.toml", "trusted_folders.toml", "vibehistory"],
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
  payload: CLAUDE_SHAPED_PAYLOAD,
  capabilities: {
    hooks: true,
    permissionSignal: false,
    turnEndSignal: true,
    exitSignal: false,
    resume: true,
    secondWitness: false,
    answer: false,
  },
  limits: [
    "No event tells of a prompt: a turn shows from its first tool on.",
    "No event tells of a permission dialog: a turn that waits for you shows as working, then unverified.",
    "A model is chosen in its own settings.",
    "Files that it replaces in its own directory, rather than writes to, are kept for this launch alone.",
  ],
  gates: [
    { gate: "trust", how: "hidden", note: "trust the worktree on its screen" },
    { gate: "login", how: "hidden", note: "run `vibe --setup` once" },
  ],
  traits: { hooks: true, firstSignal: "prompt", secondWitness: false },
  witness: {},
  screen: UNREAD_SCREEN,
  keys: { interrupt: ["Escape"] },
};
