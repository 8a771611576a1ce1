import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** Continue CLI 1.5.47 with a model of the user's own. */
export const continueCli: Agent = {
  harness: "continue",
  seed,
  userFiles: [".continue/config.yaml"],
  ask: (command) => `RUN ${command}`,
  tool: "Bash",
  keys: { approve: ["Tab"], stop: ["Escape"] },
  screen: {
    running: /• esc to interrupt( • ctrl\+b to background)? \)\s*$/m,
    dialog:
      /No, and tell Continue what to do differently \(esc\)|^│ {2}(↑\/↓ navigate, Enter select|Type answer, Enter submit)/m,
  },
  quit: "/exit",
  denied: ["idle"],
  untold: ["prompt", "tool", "failure"],
  asksQuestions: false,
};

function seed({ home, port }: AgentPlace): Record<string, string> {
  const config = `name: mock
version: 1.0.0
schema: v1
models:
  - name: mock
    provider: openai
    model: mock-model
    apiBase: http://127.0.0.1:${port}/v1
    apiKey: sk-test
    roles: [chat, edit, apply]
`;
  writeUserFile(home, ".continue/config.yaml", config);
  // Its first start offers to set up an account.
  writeUserFile(home, ".continue/.onboarding_complete", "");
  return {};
}
