import { realpathSync } from "node:fs";
import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** GitHub Copilot CLI 1.0.102 with a provider of the user's own, offline, and the repository trusted. */
export const copilot: Agent = {
  harness: "copilot",
  seed,
  // config.json is rewritten by copilot itself: it notes there what it has shown.
  userFiles: [],
  ask: (command) => `RUN ${command}`,
  tool: "bash",
  keys: { approve: ["Enter"], stop: ["Escape", "Escape"] },
  screen: {
    running: /^ \S Working\b/m,
    dialog:
      /enter accept .*esc cancel|enter[\s│]+to[\s│]+(select|confirm)[\s\S]{0,80}?esc[\s│]+to[\s│]+cancel/,
  },
  quit: "/exit",
  denied: ["idle"],
  untold: ["tool"],
  queued: ["idle", "working", "idle"],
  asksQuestions: false,
};

function seed({ home, repository, port }: AgentPlace): Record<string, string> {
  // A worktree is trusted by its main repository's path.
  const config = { trustedFolders: [realpathSync(repository)] };
  writeUserFile(home, ".copilot/config.json", JSON.stringify(config));
  return {
    COPILOT_OFFLINE: "true",
    COPILOT_PROVIDER_BASE_URL: `http://127.0.0.1:${port}/v1`,
    COPILOT_PROVIDER_TYPE: "openai",
    COPILOT_PROVIDER_API_KEY: "sk-test",
    COPILOT_MODEL: "mock-model",
  };
}
