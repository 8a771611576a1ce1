import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** OMP 18.2.3 with a provider of the user's own, asking before it runs commands. */
export const omp: Agent = {
  harness: "omp",
  seed,
  userFiles: [".omp/agent/models.yml"],
  ask: (command) => `RUN ${command}`,
  tool: "bash",
  keys: { approve: ["Enter"], stop: ["Escape"] },
  screen: {
    running: /^ *[\u2800-\u28ff] \d+[hms]\S* .*> /m,
    dialog: /^│ up\/down navigate {2}enter select {2}esc cancel|^│ Enter select · .*Esc cancel/m,
  },
  quit: "/exit",
  denied: ["working", "idle"],
  asksQuestions: false,
};

function seed({ home, port }: AgentPlace): Record<string, string> {
  const models = `providers:
  mock:
    baseUrl: http://127.0.0.1:${port}/v1
    apiKey: sk-test
    api: openai-completions
    models:
      - id: mock-model
        name: mock-model
`;
  writeUserFile(home, ".omp/agent/models.yml", models);
  const config = "modelRoles:\n  default: mock/mock-model\ntools:\n  approvalMode: write\n";
  writeUserFile(home, ".omp/agent/config.yml", config);
  return {};
}
