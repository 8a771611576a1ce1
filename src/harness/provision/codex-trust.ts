import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { AoError } from "../../core/errors.ts";
import type { LaunchPlan } from "../../core/ports/harnesses.ts";
import type { HarnessSpec } from "../spec.ts";

const DEADLINE_MS = 10_000;
const MAX_STDERR = 2_000;

/** One hook as Codex knows it. */
export interface TrustedHook {
  key: string;
  hash: string;
}

/** What to ask Codex about. */
export interface TrustQuestion {
  spec: HarnessSpec;
  plan: LaunchPlan;
  /** Inline table of the hooks: with the binary it decides the answer. */
  table: string;
  args: string[];
  /** Number of hooks in the table. */
  count: number;
}

/** Asks Codex for the keys and hashes of hooks given by flag. */
export type TrustedHooks = (question: TrustQuestion) => Promise<readonly TrustedHook[]>;

/** Creates the asker; answers are remembered by binary (path, time, size) and hook text. */
export function createTrustedHooks(): TrustedHooks {
  const answers = new Map<string, readonly TrustedHook[]>();
  return async (question) => {
    const { mtimeMs, size } = await stat(question.plan.binary);
    const key = [question.plan.binary, mtimeMs, size, question.table].join("\0");
    const known = answers.get(key);
    if (known) return known;
    const answer = await askServer(question);
    answers.set(key, answer);
    return answer;
  };
}

/**
 * Talks to `codex app-server` on its stdio, one JSON object per line without a `jsonrpc` member: `initialize`,
 * `initialized`, `hooks/list`; notifications come in between. Seen with 0.169.0, 0.3 s.
 */
async function askServer({ spec, plan, args, count }: TrustQuestion): Promise<readonly TrustedHook[]> {
  const env = Object.fromEntries(
    Object.entries(plan.env).filter(([name]) => !spec.launch.unsetEnv.includes(name)),
  );
  const child = spawn(plan.binary, args, { cwd: plan.workspacePath, env, stdio: ["pipe", "pipe", "pipe"] });
  const failed = (problem: string) => new AoError("HARNESS_SETUP_FAILED", { harness: spec.id, problem });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors = `${errors}${chunk}`.slice(-MAX_STDERR);
  });
  let timer: NodeJS.Timeout | undefined;
  return new Promise<readonly TrustedHook[]>((resolve, reject) => {
    timer = setTimeout(
      () => reject(failed(`"${plan.binary} ${args[0]}" did not list its hooks within 10 s`)),
      DEADLINE_MS,
    );
    const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
    child.on("error", (error) => reject(failed(error.message)));
    // A server that ends early breaks the pipe; its exit says why.
    child.stdin.on("error", () => undefined);
    child.on("close", (code) => {
      reject(failed(`"${plan.binary} ${args[0]}" ended with code ${code}: ${lastLine(errors)}`));
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const message = parseLine(line);
      if (message?.error) reject(failed(`hooks cannot be listed: ${JSON.stringify(message.error)}`));
      else if (message?.id === 1) {
        send({ method: "initialized" });
        send({ id: 2, method: "hooks/list", params: { cwds: [plan.workspacePath] } });
      } else if (message?.id === 2) {
        const hooks = sessionHooks(message.result);
        if (hooks.length === count) resolve(hooks);
        else reject(failed(`this version takes ${hooks.length} of ${count} hooks`));
      }
    });
    send({
      id: 1,
      method: "initialize",
      params: { clientInfo: CLIENT, capabilities: { experimentalApi: true } },
    });
  }).finally(() => {
    clearTimeout(timer);
    child.kill("SIGKILL");
  });
}

const CLIENT = { name: "ao", title: "ao", version: "0.1.0" };

interface ServerMessage {
  id?: unknown;
  result?: unknown;
  error?: unknown;
}

function parseLine(line: string): ServerMessage | undefined {
  try {
    return JSON.parse(line) as ServerMessage;
  } catch (error) {
    // Lines that are not JSON are the server's log.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

interface ListedHook {
  key?: unknown;
  currentHash?: unknown;
  source?: unknown;
}

/** Hooks that came by flag: the user's and the repository's own are left to their review. */
function sessionHooks(result: unknown): TrustedHook[] {
  const data = (result as { data?: { hooks?: ListedHook[] }[] } | undefined)?.data ?? [];
  return data
    .flatMap((entry) => entry.hooks ?? [])
    .filter((hook) => hook.source === "sessionFlags")
    .map((hook) => ({ key: String(hook.key), hash: String(hook.currentHash) }));
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
