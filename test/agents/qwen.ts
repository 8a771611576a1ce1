import type { Agent, AgentPlace } from "./agent.ts";

/** Qwen Code 0.24.4 with a provider of the user's own. */
export const qwen: Agent = {
  harness: "qwen",
  seed,
  userFiles: [],
  ask: (command) => `RUN ${command}`,
  tool: "run_shell_command",
  keys: { approve: ["Enter"], stop: ["Escape"] },
  screen: { running: /esc to cancel/, dialog: /Waiting for user confirmation|\(esc\)\s*$/m },
  quit: "/quit",
  compact: "/compress",
  denied: ["idle"],
  isChild: true,
  asksQuestions: false,
};

function seed({ port }: AgentPlace): Record<string, string> {
  return {
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    OPENAI_MODEL: "mock-model",
  };
}
