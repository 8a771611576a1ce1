import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** Grok Build 1.0.41 with a model of the user's own, as npm's launcher starts it. */
export const grok: Agent = {
  harness: "grok",
  seed,
  // It adds marks of its own to its configuration.
  userFiles: [],
  // Commands that only read run unasked.
  ask: (command) => `RUN node -e 1 && ${command}`,
  tool: "run_terminal_command",
  // The first dialog offers the plain Yes, and No below it; their numbers are others each time.
  keys: { approve: ["Enter"], deny: ["Down", "Enter"], leave: ["C-c"], stop: ["C-c"] },
  screen: { running: /\[stop\]\s*$/m, dialog: /^\s*(1\/\d+:select|Tab:next answer) /m },
  quit: "/quit",
  denied: ["idle"],
  // Its hook names no tool.
  untold: ["tool"],
  isChild: true,
  asksQuestions: true,
};

function seed({ home, port }: AgentPlace): Record<string, string> {
  const config = `[models]
default = "mock"

[model.mock]
model = "mock-model"
base_url = "http://127.0.0.1:${port}/v1"
api_key = "sk-test"
api_backend = "chat_completions"
context_window = 128000

[features]
telemetry = false
remote_fetch = false
`;
  writeUserFile(home, ".grok/config.toml", config);
  return {};
}
