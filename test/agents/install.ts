import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { acquireLock, isLock } from "../../src/util/lock.ts";
import { eventually } from "../support/eventually.ts";

/** The agents of the test, as npm knows them: the versions their harness tables were seen with. */
const PACKAGES: Readonly<Record<string, string>> = {
  "@anthropic-ai/claude-code": "2.1.330",
  "@openai/codex": "0.169.0",
  "opencode-ai": "1.18.33",
};
const INSTALL_MS = 240_000;

/**
 * Installs the agents once, outside the repository, and returns the directory of their programs.
 *
 * AO_TEST_AGENTS_DIR names the installation; by default it lies in the user's cache. Test files that run at the same
 * time take turns.
 */
export async function installAgents(): Promise<string> {
  const dir = process.env.AO_TEST_AGENTS_DIR || join(cacheDir(), "ao-test-agents");
  mkdirSync(dir, { recursive: true });
  const lock = await eventually(
    async () => {
      const taken = await acquireLock(join(dir, "install.lock"), { pid: process.pid });
      return isLock(taken) ? taken : undefined;
    },
    { timeoutMs: INSTALL_MS, everyMs: 200, what: "the turn to install agents" },
  );
  try {
    const missing = Object.entries(PACKAGES).filter(([name, version]) => versionIn(dir, name) !== version);
    if (missing.length > 0) await install(dir, missing);
  } finally {
    await lock.release();
  }
  return join(dir, "node_modules", ".bin");
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

async function install(dir: string, packages: [name: string, version: string][]): Promise<void> {
  const wanted = packages.map(([name, version]) => `${name}@${version}`);
  const args = ["install", "--prefix", dir, "--save-exact", "--no-audit", "--no-fund", ...wanted];
  await promisify(execFile)("npm", args, { cwd: dir, timeout: INSTALL_MS });
}
