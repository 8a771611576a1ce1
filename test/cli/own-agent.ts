import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { CliWorld } from "./cli-world.ts";

/** The harness of `own-agent.sh`, as a person would write it. */
export const OWN_AGENT_FILE = `id: own-agent
displayName: An agent of one's own
facts: { evidence: seen, source: its source }
binary: { names: [own-agent] }
launch:
  interactive:
    - "{binary}"
    - { when: resume, args: [--resume, "{resume}"] }
    - { when: prompt, args: [--, "{prompt}"] }
hooks:
  strategy: files
  files: [{ kind: scripts, place: launch, path: hooks }]
  env: { OWN_AGENT_HOOKS: "{dir}/hooks" }
events:
  SessionStart: conversation_start
  SessionEnd: conversation_end
  UserPromptSubmit: prompt
  PermissionRequest: permission_request
  PermissionAnswered: request_answered
  Stop: turn_end
screen:
  ready: [{ lines: 1, all: ["^> ?$"] }]
  dialog: [{ lines: 1, all: ["^Allow this\\\\?"] }]
keys: { interrupt: [C-c], approve: [y, Enter], deny: [n, Enter] }
`;

/** Puts own-agent on the world's PATH; returns where its harness belongs. */
export function installOwnAgent(world: CliWorld): string {
  const bin = join(world.directory, "bin");
  mkdirSync(bin);
  copyFileSync(join(import.meta.dirname, "own-agent.sh"), join(bin, "own-agent"));
  world.env.PATH = `${bin}:${world.env.PATH}`;
  return join(world.directory, "home/harnesses/own-agent.yaml");
}
