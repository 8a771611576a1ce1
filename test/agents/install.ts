import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { acquireLock, isLock } from "../../src/util/lock.ts";
import { eventually } from "../support/eventually.ts";
import type { Agent } from "./agent.ts";

/** An agent as npm knows it. */
interface Package {
  name: string;
  /** The version its harness table was seen with. */
  version: string;
  /** Where its program lies, below node_modules; by default with all others in `.bin`. */
  bin?: string;
  /** Its install scripts write into the HOME of whoever installs it, or compile what it can do without. */
  withoutScripts?: true;
  /** What must be on PATH for its program to run. */
  needs?: Package;
}

/** The agents of the test, by harness. */
const PACKAGES: Readonly<Record<string, Package>> = {
  "claude-code": { name: "@anthropic-ai/claude-code", version: "2.1.330" },
  codex: { name: "@openai/codex", version: "0.169.0" },
  opencode: { name: "opencode-ai", version: "1.18.33" },
  gemini: { name: "@google/gemini-cli", version: "0.61.0" },
  grok: { name: "@xai-official/grok", version: "1.0.41", withoutScripts: true },
  qwen: { name: "@qwen-code/qwen-code", version: "0.24.4" },
  copilot: { name: "@github/copilot", version: "1.0.102" },
  cline: { name: "cline", version: "3.0.65" },
  continue: { name: "@continuedev/cli", version: "1.5.47", withoutScripts: true },
  droid: { name: "droid", version: "0.215.0", withoutScripts: true },
  kilocode: kilocode(),
  pi: { name: "@earendil-works/pi-coding-agent", version: "0.87.1" },
  omp: {
    name: "@oh-my-pi/pi-coding-agent",
    version: "18.2.3",
    needs: { name: "bun", version: "1.4.5" },
  },
  kimi: { name: "@moonshot-ai/kimi-code", version: "2.1.0", withoutScripts: true },
};
/** Agents that are not npm's: who wants them installs them and names their program in a variable. */
const OTHERS: Readonly<Record<string, { variable: string; install: string }>> = {
  vibe: { variable: "AO_VIBE_BIN", install: "pip install mistral-vibe==3.0.2" },
  aider: { variable: "AO_AIDER_BIN", install: "pip install aider-chat==0.86.2" },
};
const INSTALL_MS = 240_000;

/** @kilocode/cli of this version brings no program: its platform packages do. */
function kilocode(): Package {
  const name = `@kilocode/cli-${process.platform}-${process.arch}`;
  return { name, version: "7.7.9", bin: join(name, "bin") };
}

/**
 * Installs a harness's agent where it is not yet, outside the repository, and returns the directory of its program and
 * those of what the program needs.
 *
 * AO_TEST_AGENTS_DIR lists installations, separated as in PATH: an agent that none of them has is installed into the
 * first. By default it lies in the user's cache. Test files that run at the same time take turns.
 */
export async function installAgent({
  harness,
  version,
}: Pick<Agent, "harness" | "version">): Promise<[string, ...string[]]> {
  const other = OTHERS[harness];
  if (other) return [directoryOf(harness, other)];
  const known = PACKAGES[harness];
  if (!known) throw new Error(`no package of "${harness}" is known`);
  const program = await installPackage({ ...known, ...(version && { version }) }, version);
  return [program, ...(known.needs ? [await installPackage(known.needs)] : [])];
}

/** Returns the directory of the package's program; another version than the usual one has a directory of its own. */
async function installPackage(wanted: Package, version?: string): Promise<string> {
  const listed = (process.env.AO_TEST_AGENTS_DIR ?? "").split(delimiter).filter((one) => one !== "");
  const [first = join(cacheDir(), "ao-test-agents"), ...others] = listed;
  const has = (dir: string) => versionIn(dir, wanted.name) === wanted.version;
  // One directory holds one version of a package.
  const dir = [first, ...others].find(has) ?? (version ? join(first, version) : first);
  if (!has(dir)) await installOnce(dir, wanted, has);
  return join(dir, "node_modules", wanted.bin ?? ".bin");
}

function directoryOf(harness: string, { variable, install }: { variable: string; install: string }): string {
  const program = process.env[variable] ?? "";
  if (!existsSync(program)) throw new Error(`${variable} must name the program of "${harness}" (${install})`);
  return dirname(program);
}

async function installOnce(dir: string, wanted: Package, has: (dir: string) => boolean): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const lock = await eventually(
    async () => {
      const taken = await acquireLock(join(dir, "install.lock"), { pid: process.pid });
      return isLock(taken) ? taken : undefined;
    },
    { timeoutMs: INSTALL_MS, everyMs: 200, what: "the turn to install agents" },
  );
  try {
    if (!has(dir)) await install(dir, wanted);
  } finally {
    await lock.release();
  }
}

function cacheDir(): string {
  return process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
}

function versionIn(dir: string, name: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, "node_modules", name, "package.json"), "utf8")).version;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function install(dir: string, { name, version, withoutScripts }: Package): Promise<void> {
  const args = ["install", "--prefix", dir, "--save-exact", "--no-audit", "--no-fund", `${name}@${version}`];
  if (withoutScripts) args.push("--ignore-scripts");
  await promisify(execFile)("npm", args, { cwd: dir, timeout: INSTALL_MS });
}
