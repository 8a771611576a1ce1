import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** Pi 0.87.1 with a provider of the user's own. */
export const pi: Agent = {
  harness: "pi",
  seed,
  userFiles: [".pi/agent/models.json"],
  // It asks nobody.
  ask: (command) => `RUN ${command}`,
  tool: "bash",
  keys: { approve: [], stop: ["Escape"] },
  screen: { running: /^── [\u2800-\u28ff] /m, dialog: /(?!)/ },
  quit: "/quit",
  denied: [],
  passingError: 503,
  cannot: ["permission", "deny"],
  asksQuestions: false,
};

function seed({ home, port }: AgentPlace): Record<string, string> {
  const provider = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    api: "openai-completions",
    apiKey: "sk-test",
    models: [{ id: "mock-model" }],
  };
  writeUserFile(home, ".pi/agent/models.json", JSON.stringify({ providers: { mock: provider } }));
  const settings = { defaultProvider: "mock", defaultModel: "mock-model" };
  writeUserFile(home, ".pi/agent/settings.json", JSON.stringify(settings));
  // It looks for newer versions, and fetches its tools for searching.
  return { PI_OFFLINE: "1" };
}
