import { createHash } from "node:crypto";
import { basename } from "node:path";
import { type Agent, type AgentPlace, writeUserFile } from "./agent.ts";

/** Kimi Code 2.1.0 with a provider of the user's own, who trusts the repository. */
export const kimi: Agent = {
  harness: "kimi",
  seed,
  userFiles: [".kimi-code/config.toml"],
  ask: (command) => `RUN ${command}`,
  tool: "Bash",
  keys: { approve: ["1"], deny: ["3"], stop: ["Escape"] },
  screen: {
    running: /^\s*(?:\ud83c[\udf11-\udf18]|[\u2800-\u28ff] |(?:● )?Compacting context…)/m,
    dialog: /↵ (confirm|submit|choose|toggle|save)/,
  },
  quit: "/exit",
  denied: ["working", "idle"],
  asksQuestions: true,
};

function seed({ home, repository, port }: AgentPlace): Record<string, string> {
  const config = `default_model = "mock"

[providers.mock]
type = "openai"
base_url = "http://127.0.0.1:${port}/v1"
api_key = "sk-test"

[models.mock]
provider = "mock"
model = "mock-model"
max_context_size = 128000
`;
  writeUserFile(home, ".kimi-code/config.toml", config);
  const hash = createHash("sha256").update(repository).digest("hex").slice(0, 12);
  writeUserFile(
    home,
    `.kimi-code/workspace-trust/wd_${basename(repository)}_${hash}`,
    JSON.stringify({ root: repository, trustedAt: 1795393962955 }),
  );
  return { KIMI_CODE_NO_AUTO_UPDATE: "1" };
}
