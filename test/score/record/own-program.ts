import { chmodSync, copyFileSync, mkdirSync, readdirSync, realpathSync, renameSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Agent } from "../../agents/agent.ts";
import { installAgent } from "../../agents/install.ts";

const BIN = "own-bin";

/** The agent, started from a copy of its program below HOME: one that `update` may replace. */
export async function withOwnProgram(agent: Agent, program: string): Promise<Agent> {
  const [from] = await installAgent(agent);
  return {
    ...agent,
    seed(place) {
      const bin = join(place.home, BIN);
      mkdirSync(bin);
      copyProgram(join(from, program), join(bin, program));
      return { ...agent.seed(place), PATH: [bin, process.env.PATH].join(delimiter) };
    },
  };
}

/** Puts another file in the place of each program of `withOwnProgram`, as an update does: the one that runs is gone. */
export function update(home: string): void {
  for (const name of readdirSync(join(home, BIN))) {
    const path = join(home, BIN, name);
    copyProgram(path, `${path}.new`);
    renameSync(`${path}.new`, path);
  }
}

function copyProgram(from: string, to: string): void {
  copyFileSync(realpathSync(from), to);
  chmodSync(to, 0o755);
}
