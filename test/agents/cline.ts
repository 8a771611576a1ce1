import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

const OFFERS = ["cline-cli-cline-pass-intro", "cline-cli-desktop-launch", "cline-cli-zen"];
const SETTINGS = ".cline/data/settings";

/** Cline 3.0.65 with a provider of the user's own, as `cline auth` writes it. */
export const cline: Agent = {
  harness: "cline",
  seed,
  // Its settings are rewritten by itself.
  userFiles: [],
  ask: (command) => `RUN ${command}`,
  tool: "run_commands",
  keys: { approve: ["y"], stop: ["Escape"] },
  screen: {
    // Its transcript begins at the top of the screen, far above the composer.
    lines: 60,
    running: /^ [\u2800-\u28ff] /m,
    dialog: /^ {1,2}\[y\] Approve\s+\[n\] Deny|^ Cline is asking a question/m,
  },
  quit: "/exit",
  denied: ["working", "idle"],
  // Each prompt is a turn of its own: its session file says idle between two.
  queued: ["idle", "working", "idle"],
  // Its session file says that a dialog is open, and not for what.
  untold: ["tool"],
  asksQuestions: true,
};

function seed({ home, port }: AgentPlace): Record<string, string> {
  const provider = "openai-compatible";
  const settings = {
    provider,
    apiKey: "sk-test",
    model: "mock-model",
    baseUrl: `http://127.0.0.1:${port}/v1`,
  };
  const updatedAt = "2026-11-01T00:00:00.000Z";
  const providers = { [provider]: { settings, updatedAt, tokenSource: "manual" } };
  writeUserFile(
    home,
    `${SETTINGS}/providers.json`,
    JSON.stringify({ version: 1, lastUsedProvider: provider, modes: {}, providers }),
  );
  // Its maker's offers were closed: they stand over the first sessions and eat keys.
  writeUserFile(
    home,
    `${SETTINGS}/cli-notices.json`,
    JSON.stringify({ shown: Object.fromEntries(OFFERS.map((offer) => [offer, true])) }),
  );
  return {};
}
