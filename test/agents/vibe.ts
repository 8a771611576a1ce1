import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** Mistral Vibe 3.0.2 with a provider of the user's own. */
export const vibe: Agent = {
  harness: "vibe",
  seed,
  userFiles: [".vibe/config.toml"],
  // Commands that only read run unasked.
  ask: (command) => `RUN node -e 1 && ${command}`,
  tool: "file_system.bash",
  keys: { approve: ["Enter"], stop: ["Escape"] },
  screen: {
    running: /\(\d[\dhms ]* Esc\/Ctrl\+C to interrupt\)\s*$/m,
    dialog: /^│ ↑↓\/jk navigate {2}Enter select {2}Esc (reject|cancel)/m,
  },
  quit: "/exit",
  // It tells its model of a denial, which goes on.
  denied: ["working", "idle"],
  asksQuestions: true,
};

function seed({ home, port }: AgentPlace): Record<string, string> {
  const config = `active_model = "mock"
enable_telemetry = false
enable_auto_update = false
enable_update_checks = false

[[providers]]
name = "mock"
api_base = "http://127.0.0.1:${port}/v1"
api_key_env_var = "MOCK_KEY"
api_style = "openai"
backend = "generic"

[[models]]
name = "mock-model"
provider = "mock"
alias = "mock"
`;
  writeUserFile(home, ".vibe/config.toml", config);
  return { MOCK_KEY: "sk-test" };
}
