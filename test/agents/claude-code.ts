import { realpathSync } from "node:fs";
import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** Not a key of anybody's. */
const KEY = "sk-test-mock-key-000000000000000000000";

/** Claude Code 2.1.330 with onboarding done, the repository trusted, the key approved, and a hook of the user's own. */
export const claudeCode: Agent = {
  harness: "claude-code",
  seed,
  userFiles: [".claude/settings.json", ".claude/settings.local.json"],
  ask: (command) => `RUN ${command}`,
  tool: "Bash",
  keys: { approve: ["Enter"], stop: ["Escape"] },
  screen: {
    running: /esc to interrupt/,
    dialog: /Esc to cancel|Exit plan mode\?|Would you like to proceed\?/,
    compacting: /Compacting/,
    limit: /⚠ Usage limit reached/,
  },
  quit: "/exit",
  denied: ["idle"],
  asksQuestions: true,
  subagents: { asking: ["working", "idle", "needs_input"], approved: ["idle", "working", "idle"] },
};

function seed({ home, repository, temporary, port }: AgentPlace): Record<string, string> {
  const state = {
    hasCompletedOnboarding: true,
    theme: "dark",
    // A turn that is over is told of again after 3 s instead of 60.
    messageIdleNotifThresholdMs: 3000,
    customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
    // A worktree is trusted by its main repository's path.
    projects: { [realpathSync(repository)]: { hasTrustDialogAccepted: true } },
  };
  writeUserFile(home, ".claude.json", JSON.stringify(state));
  const userHook = { type: "command", command: 'echo stop >> "$HOME/user-hook.log"' };
  writeUserFile(home, ".claude/settings.json", JSON.stringify({ hooks: { Stop: [{ hooks: [userHook] }] } }));
  return {
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
    ANTHROPIC_API_KEY: KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_TMPDIR: temporary,
    DISABLE_AUTOUPDATER: "1",
    DISABLE_TELEMETRY: "1",
  };
}
