import { join } from "node:path";
import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";
import { opencode, opencodeConfig } from "./opencode.ts";

/** Kilo Code 7.7.9 with a provider of the user's own and commands that ask. */
export const kilocode: Agent = {
  ...opencode,
  harness: "kilocode",
  seed,
  userFiles: [".config/kilo/kilo.json"],
  // A denial is asked back: what to do instead.
  keys: { ...opencode.keys, deny: ["Escape", "Enter"] },
  screen: { ...opencode.screen, dialog: /(Permission required|Reject permission|esc dismiss)/ },
  forgetsCompacted: true,
  // "/exit" opens a list of commands, which a busy machine is late to fill.
  quit: "exit",
  clear: "/new",
};

function seed({ home, port }: AgentPlace): Record<string, string> {
  // On a busy machine it asks whether to go on without snapshots.
  const own = { $schema: "https://app.kilo.ai/config.json", snapshot: false };
  const config = { ...opencodeConfig(port), ...own };
  writeUserFile(home, ".config/kilo/kilo.json", JSON.stringify(config));
  return {
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local/share"),
    XDG_STATE_HOME: join(home, ".local/state"),
    XDG_CACHE_HOME: join(home, ".cache"),
    KILO_DISABLE_AUTOUPDATE: "1",
    KILO_DISABLE_MODELS_FETCH: "1",
    KILO_DISABLE_LSP_DOWNLOAD: "1",
  };
}
