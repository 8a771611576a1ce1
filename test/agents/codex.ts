import { realpathSync } from "node:fs";
import { join } from "node:path";
import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** Codex 0.169.0 with a provider of the user's own and the repository trusted. */
export const codex: Agent = {
  harness: "codex",
  seed,
  // config.toml is rewritten by codex itself: it notes there which hints it has shown.
  userFiles: [".codex/hooks.json"],
  ask: (cmd) =>
    `CALL exec_command ${JSON.stringify({ cmd, sandbox_permissions: "require_escalated", justification: "test" })}`,
  tool: "Bash",
  keys: { approve: ["y"], stop: ["Escape"] },
  screen: {
    running: /esc to interrupt/,
    dialog: /Press enter to confirm|enter to submit answer/,
    compacting: /esc to interrupt/,
    limit: /^■ You’ve hit your usage limit/m,
  },
  quit: "/quit",
  denied: ["idle"],
  asksQuestions: false,
  subagents: { asking: ["working", "idle", "needs_input"], approved: ["idle"] },
};

function seed({ home, repository, port }: AgentPlace): Record<string, string> {
  const config = `model = "mock-model"
model_provider = "mock"

[model_providers.mock]
name = "mock"
base_url = "http://127.0.0.1:${port}/v1"
wire_api = "responses"
env_key = "MOCK_KEY"

[projects.${JSON.stringify(realpathSync(repository))}]
trust_level = "trusted"
`;
  writeUserFile(home, ".codex/config.toml", config);
  return { CODEX_HOME: join(home, ".codex"), MOCK_KEY: "sk-test" };
}
