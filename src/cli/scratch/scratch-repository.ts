import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { AoError } from "../../core/errors.ts";

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;
const AUTHOR = ["-c", "user.name=ao", "-c", "user.email=ao@localhost", "-c", "commit.gpgsign=false"];

/** Makes a small git repository with one commit for agents to work in; throws WORKSPACE_FAILED. */
export async function createScratchRepository(
  path: string,
  options: { env: Record<string, string>; signal: AbortSignal },
): Promise<void> {
  const git = (...args: string[]) =>
    run("git", args, { cwd: path, env: options.env, signal: options.signal, timeout: TIMEOUT_MS });
  await mkdir(join(path, "src"), { recursive: true });
  await writeFile(join(path, "README.md"), "# Shop\n\nA repository for agents to try things in.\n");
  await writeFile(join(path, "src/main.ts"), 'console.log("hello");\n');
  try {
    await git("init", "--quiet", "--initial-branch=main");
    await git("add", ".");
    await git(...AUTHOR, "commit", "--quiet", "--no-verify", "--message=first");
  } catch (error) {
    options.signal.throwIfAborted();
    throw new AoError(
      "WORKSPACE_FAILED",
      { action: "make the repository", path, problem: told(error) },
      error,
    );
  }
}

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "ENOENT") return "git is not installed";
  return "stderr" in error && error.stderr ? String(error.stderr).trim() : error.message;
}
