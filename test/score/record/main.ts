/**
 * Records real agents under ao, with labels by an observer who sees their terminals and nothing else.
 *
 *   node test/score/record/main.ts OUT [--agent claude|claude-2.1.197] [--script permission]
 *
 * The agents come as for `npm run test:agents`, their model is scripted and on loopback. Writes
 * OUT/<agent>-<version>/interactive-ao-<script>.jsonl and its .truth.json; a session of which the tap missed a hook is
 * not written, and the run ends with 1.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Agent } from "../../agents/agent.ts";
import { aider } from "../../agents/aider.ts";
import { claudeCode } from "../../agents/claude-code.ts";
import { cline } from "../../agents/cline.ts";
import { codex } from "../../agents/codex.ts";
import { continueCli } from "../../agents/continue.ts";
import { copilot } from "../../agents/copilot.ts";
import { droid } from "../../agents/droid.ts";
import { gemini } from "../../agents/gemini.ts";
import { grok } from "../../agents/grok.ts";
import { kilocode } from "../../agents/kilocode.ts";
import { kimi } from "../../agents/kimi.ts";
import { omp } from "../../agents/omp.ts";
import { opencode } from "../../agents/opencode.ts";
import { pi } from "../../agents/pi.ts";
import { qwen } from "../../agents/qwen.ts";
import { vibe } from "../../agents/vibe.ts";
import { type AgentWorld, createAgentWorld } from "../../agents/world.ts";
import { withOwnProgram } from "./own-program.ts";
import { recordSession } from "./record-session.ts";
import type { Script } from "./script.ts";
import { SCRIPTS } from "./scripts.ts";

/** An agent as its recordings are called. */
interface Recorded {
  name: string;
  version: string;
  agent: Agent;
  /** Names of the scripts it can play; those that are meant for it without. */
  scripts?: readonly string[];
}

/** It calls no tools together, has no subagents, reads nothing while it works, shows no turn while it writes, and asks about what it stopped. */
const AIDERS = [
  "permission",
  "stopped-thinking",
  "error",
  "resumed",
  "killed-at-dialog",
  "terminated-at-work",
];

const AGENTS: readonly Recorded[] = [
  { name: "claude", version: "2.1.330", agent: claudeCode },
  { name: "claude", version: "2.1.197", agent: { ...claudeCode, version: "2.1.197" } },
  { name: "codex", version: "0.169.0", agent: codex },
  { name: "opencode", version: "1.18.33", agent: opencode },
  { name: "gemini", version: "0.61.0", agent: gemini },
  { name: "qwen", version: "0.24.4", agent: qwen },
  { name: "copilot", version: "1.0.102", agent: copilot },
  { name: "kilo", version: "7.7.9", agent: kilocode },
  { name: "cline", version: "3.0.65", agent: cline },
  { name: "continue", version: "1.5.47", agent: continueCli },
  { name: "droid", version: "0.215.0", agent: droid },
  { name: "grok", version: "1.0.41", agent: grok },
  { name: "vibe", version: "3.0.2", agent: vibe },
  { name: "pi", version: "0.87.1", agent: pi },
  { name: "omp", version: "18.2.3", agent: omp },
  { name: "kimi", version: "2.1.0", agent: kimi },
  { name: "aider", version: "0.86.2", agent: aider, scripts: AIDERS },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { agent: { type: "string" }, script: { type: "string" } },
});
const [out] = positionals;
if (!out) throw new Error("name a directory to write to");
for (const known of AGENTS.filter(isChosen)) {
  const dir = join(out, `${known.name}-${known.version}`);
  mkdirSync(dir, { recursive: true });
  for (const script of SCRIPTS.filter((one) => canPlay(one, known))) {
    if (values.script && values.script !== script.name) continue;
    const world = await createAgentWorld(await playing(known.agent, script));
    try {
      const { lines, truth } = await recordSession({
        world,
        script,
        name: known.name,
        version: known.version,
      });
      const base = join(dir, `interactive-ao-${script.name}`);
      writeFileSync(`${base}.jsonl`, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      writeFileSync(`${base}.truth.json`, `${JSON.stringify(truth, null, 1)}\n`);
      process.stdout.write(`${known.name} ${script.name}: ${lines.length} lines\n`);
    } catch (error) {
      process.exitCode = 1;
      process.stdout.write(`${known.name} ${script.name}: ${error instanceof Error ? error.stack : error}\n`);
    } finally {
      await endWorld(world);
    }
  }
}

function isChosen({ name, version }: { name: string; version: string }): boolean {
  return !values.agent || [name, `${name}-${version}`].includes(values.agent);
}

function canPlay({ name, only, except = [] }: Script, { agent: { harness }, scripts }: Recorded): boolean {
  const isMeant = scripts?.includes(name) ?? true;
  return isMeant && (only?.includes(harness) ?? true) && !except.includes(harness);
}

async function playing(agent: Agent, { environment, ownProgram }: Script): Promise<Agent> {
  const played = ownProgram === undefined ? agent : await withOwnProgram(agent, ownProgram);
  return { ...played, seed: (place) => ({ ...played.seed(place), ...environment }) };
}

async function endWorld(world: AgentWorld): Promise<void> {
  const { client } = world.daemon;
  const { sessions } = await client.sessions.list({ pageSize: 10 });
  for (const session of sessions) await client.sessions.kill({ sessionId: session.id });
  await world.close();
}
