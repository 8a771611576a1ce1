import { realpathSync } from "node:fs";
import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

const MODEL = "custom:Mock-0";

/** Droid 0.215.0 without an account: a model of the user's own, and folders the user trusts. */
export const droid: Agent = {
  harness: "droid",
  seed,
  // Its settings are rewritten by itself.
  userFiles: [],
  ask: (command) => `RUN ${command}`,
  tool: "Execute",
  keys: { approve: ["Enter"], stop: ["Escape"] },
  screen: {
    running: /\(Press ESC to stop\)/,
    dialog: /↑↓ navigate\s+Enter select\s+Esc cancel|↑\/↓ Navigate • .*Select/,
  },
  quit: "/exit",
  denied: ["idle"],
  untold: ["failure"],
  asksQuestions: true,
};

function seed({ home, port }: AgentPlace): Record<string, string> {
  const model = {
    model: "mock-model",
    id: MODEL,
    index: 0,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    apiKey: "sk-test",
    displayName: "Mock",
    maxOutputTokens: 8000,
    noImageSupport: true,
    provider: "generic-chat-completion-api",
  };
  const settings = {
    customModels: [model],
    sessionDefaultSettings: { model: MODEL },
    logoAnimation: "off",
    // What stands below a trusted folder is trusted: repository and worktrees lie there.
    trustedFolders: { [realpathSync(home)]: { trustedAt: "2026-11-01T00:00:00.000Z" } },
  };
  writeUserFile(home, ".factory/settings.json", JSON.stringify(settings));
  return { FACTORY_AIRGAP_ENABLED: "true", FACTORY_DROID_AUTO_UPDATE_ENABLED: "false" };
}
