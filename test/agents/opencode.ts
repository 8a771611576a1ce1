import { join } from "node:path";
import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** opencode 1.18.33 with a provider of the user's own and commands that ask. */
export const opencode: Agent = {
  harness: "opencode",
  seed,
  userFiles: [".config/opencode/opencode.json"],
  ask: (command) => `RUN ${command}`,
  tool: "bash",
  // Of a subagent's dialog it asks back, and a person goes on with Enter.
  keys: { approve: ["Enter"], deny: ["Escape", "Enter"], stop: ["Escape", "Escape"] },
  screen: {
    running: /esc (again to )?interrupt/,
    dialog: /Permission required|Reject permission|esc dismiss/,
    compacting: /esc (again to )?interrupt/,
  },
  quit: "/exit",
  clear: "/new",
  denied: ["working", "idle"],
  asksQuestions: true,
  subagents: { asking: ["working", "needs_input"], approved: ["working", "idle"] },
};

/** What a user has written into its configuration. */
export function opencodeConfig(port: number): object {
  return {
    // Without it opencode adds it.
    $schema: "https://opencode.ai/config.json",
    model: "mock/mock-model",
    small_model: "mock/mock-model",
    permission: { bash: "ask" },
    provider: {
      mock: {
        npm: "@ai-sdk/openai-compatible",
        name: "mock",
        options: { baseURL: `http://127.0.0.1:${port}/v1`, apiKey: "sk-test" },
        models: { "mock-model": { name: "mock-model", limit: { context: 200_000, output: 8000 } } },
      },
    },
  };
}

function seed({ home, port }: AgentPlace): Record<string, string> {
  writeUserFile(home, ".config/opencode/opencode.json", JSON.stringify(opencodeConfig(port)));
  return {
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local/share"),
    XDG_STATE_HOME: join(home, ".local/state"),
    XDG_CACHE_HOME: join(home, ".cache"),
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  };
}
