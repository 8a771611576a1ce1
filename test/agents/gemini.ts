import { realpathSync } from "node:fs";
import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** Gemini CLI 0.61.0 with an API key and the repository trusted. */
export const gemini: Agent = {
  harness: "gemini",
  seed,
  userFiles: [".gemini/settings.json", ".gemini/trustedFolders.json"],
  ask: (command) => `RUN ${command}`,
  tool: "run_shell_command",
  keys: { approve: ["Enter"], stop: ["Escape"] },
  screen: {
    running: /esc to cancel|^[\u2800-\u28ff] Compressing chat history/m,
    dialog: /^\s*│ (.*No, suggest changes \(esc\)|Enter to select · .*Esc to cancel)/m,
  },
  // The space closes the list of commands, which would take the Enter.
  quit: "/quit ",
  clear: "/clear ",
  compact: "/compress ",
  denied: ["idle"],
  queued: ["idle", "working", "idle"],
  untold: ["tool", "failure"],
  // Its first message shares an entry with the context of the session, which it writes anew.
  forgetsResumed: ["prompt", "deny"],
  asksQuestions: false,
};

function seed({ home, repository, port }: AgentPlace): Record<string, string> {
  const settings = { security: { auth: { selectedType: "gemini-api-key" } } };
  writeUserFile(home, ".gemini/settings.json", JSON.stringify(settings));
  const trusted = { [realpathSync(repository)]: "TRUST_FOLDER" };
  writeUserFile(home, ".gemini/trustedFolders.json", JSON.stringify(trusted));
  return {
    GEMINI_API_KEY: "sk-test",
    GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${port}`,
  };
}
