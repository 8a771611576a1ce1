import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** Aider 0.86.2 with a provider of the user's own. */
export const aider: Agent = {
  harness: "aider",
  seed,
  userFiles: [".aider.conf.yml"],
  ask: (command) => `RUN ${command}`,
  tool: "shell",
  keys: { approve: ["y", "Enter"], deny: ["n", "Enter"], stop: ["C-c"] },
  screen: {
    running: /(^|\n)( *[░█]+ +Waiting|Running) [^\n]*$/,
    dialog: /\(Y\)es\/\(N\)o[^\n]*:\s*$/,
    ready: /^[\w -]*>\s*$/m,
    lines: 3,
  },
  quit: "/exit",
  denied: ["idle"],
  withoutTools: true,
  asksQuestions: false,
};

function seed({ home, port }: AgentPlace): Record<string, string> {
  const settings = {
    "openai-api-base": `http://127.0.0.1:${port}/v1`,
    "openai-api-key": "sk-test",
    model: "openai/mock-model",
    // Only in this format does it offer to run commands.
    "edit-format": "diff",
    "show-model-warnings": false,
    "analytics-disable": true,
    "show-release-notes": false,
  };
  writeUserFile(
    home,
    ".aider.conf.yml",
    Object.entries(settings)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join(""),
  );
  return { LITELLM_LOCAL_MODEL_COST_MAP: "True" };
}
