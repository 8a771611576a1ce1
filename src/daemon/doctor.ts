import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Harnesses } from "../core/ports/harnesses.ts";
import type { OwnHarnesses } from "../core/ports/own-harnesses.ts";
import type { Runtime } from "../core/ports/runtime.ts";
import type { Store } from "../core/ports/store.ts";
import type { RuntimeKind } from "../core/session.ts";
import type { CheckResult } from "../lifecycle/api.ts";
import type { SpoolState } from "../lifecycle/looks/spool-probe.ts";
import type { Address } from "../util/address.ts";
import type { Paths } from "../util/paths.ts";
import { checkOwnHarnesses } from "./check-own-harnesses.ts";
import * as host from "./host-checks.ts";

const run = promisify(execFile);

export interface DoctorDeps {
  paths: Paths;
  runtimes: Readonly<Record<RuntimeKind, Runtime>>;
  harnesses: Harnesses;
  ownHarnesses: Pick<OwnHarnesses, "list">;
  store: Pick<Store, "integrityCheck" | "writeProblem">;
  env: Readonly<Record<string, string>>;
  hookCommand: string;
  shimConnected: () => boolean;
  /** Pid of the process that holds the shim's lock. */
  shimPid: () => Promise<number | undefined>;
  inspectSpool: () => Promise<SpoolState>;
  /** The TLS listener; epoch ms at which its certificate ends. */
  tls?: { address: Address; expireTime: number };
}

/** Examines the installation, in the order a person should read it. */
export async function examine(deps: DoctorDeps): Promise<CheckResult[]> {
  const { paths } = deps;
  const checks: [string, () => Promise<CheckResult | CheckResult[] | undefined>][] = [
    ["node", checkNode],
    ["git", checkGit],
    ["tmux", () => checkTmux(deps)],
    ["hook", () => checkHook(deps)],
    ["database", () => checkDatabase(deps)],
    ["disk", () => host.checkDisk(paths)],
    ["files", () => host.checkFiles(paths)],
    ["open files of daemon", () => host.checkOpenFiles("daemon", process.pid)],
    ["open files of shim", async () => host.checkOpenFiles("shim", await deps.shimPid())],
    ["clock", () => host.checkClock(paths, Date.now())],
    ["tls", async () => host.checkTls(deps.tls, Date.now())],
    ["watches", () => host.checkWatches(paths)],
    ["shim", () => checkShim(deps)],
    ["spool", () => checkSpool(deps)],
    ["own harnesses", () => checkOwnHarnesses(deps.ownHarnesses)],
    ...deps.harnesses
      .list()
      .map((harness): [string, () => Promise<CheckResult>] => [
        `agent ${harness.id}`,
        () => checkAgent(harness, deps.env),
      ]),
  ];
  const results = await Promise.all(checks.map(([name, check]) => orProblem(name, check)));
  return results.flat().filter((result) => result !== undefined);
}

/** A check that the system itself keeps from looking is a finding, and the others are still told. */
async function orProblem(
  name: string,
  check: () => Promise<CheckResult | CheckResult[] | undefined>,
): Promise<CheckResult | CheckResult[] | undefined> {
  try {
    return await check();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const short = code === "EMFILE" || code === "ENFILE";
    const hint = short
      ? "Raise the limit of open files (`ulimit -n 4096`), then `ao restart`; nothing is lost."
      : "Mend what the text says, then look again.";
    return { name, level: "error", detail: message, hint };
  }
}

function ok(name: string, detail: string): CheckResult {
  return { name, level: "ok", detail, hint: "" };
}

async function checkNode(): Promise<CheckResult> {
  return ok("node", `${process.version} at ${process.execPath}`);
}

async function checkGit(): Promise<CheckResult> {
  try {
    const { stdout } = await run("git", ["--version"], { timeout: 5000 });
    return ok("git", stdout.trim());
  } catch (error) {
    return { name: "git", level: "error", detail: messageOf(error), hint: "Install git 2.30 or newer." };
  }
}

async function checkTmux(deps: DoctorDeps): Promise<CheckResult> {
  const problem = await deps.runtimes.tmux.check();
  if (!problem) return ok("tmux", "usable");
  return {
    name: "tmux",
    level: "warning",
    detail: problem,
    hint: "Install tmux, or spawn with `--runtime process`.",
  };
}

async function checkHook(deps: DoctorDeps): Promise<CheckResult> {
  try {
    await access(deps.hookCommand, constants.X_OK);
    return ok("hook", deps.hookCommand);
  } catch (error) {
    const hint = "Install ao again: the hook must be executable.";
    return { name: "hook", level: "error", detail: messageOf(error), hint };
  }
}

async function checkDatabase(deps: DoctorDeps): Promise<CheckResult> {
  const full = deps.store.writeProblem();
  if (full !== undefined) {
    const detail = `nothing can be written to ${deps.paths.databasePath}: ${full}`;
    const hint = "Free some space on its disk; what agents report waits in the spool and nothing is lost.";
    return { name: "database", level: "error", detail, hint };
  }
  const problems = await deps.store.integrityCheck();
  if (problems.length === 0) return ok("database", deps.paths.databasePath);
  const hint = "Stop ao, keep a copy of the file, and restore an older copy beside it.";
  return { name: "database", level: "error", detail: problems.slice(0, 3).join("; "), hint };
}

/** Whoever asks right after a start meets a shim that is still on its way. */
const SHIM_START_MS = 3000;
const SHIM_POLL_MS = 50;

async function checkShim(deps: DoctorDeps): Promise<CheckResult> {
  const deadline = performance.now() + SHIM_START_MS;
  while (!deps.shimConnected() && performance.now() < deadline) await sleep(SHIM_POLL_MS);
  const { waiting } = await deps.inspectSpool();
  const detail = `${deps.shimConnected() ? "connected" : "not connected"}, ${waiting} file(s) waiting in the spool`;
  if (deps.shimConnected()) return ok("shim", detail);
  return {
    name: "shim",
    level: "error",
    detail,
    hint: `See ${deps.paths.shimLogPath}; nothing is lost meanwhile.`,
  };
}

async function checkSpool(deps: DoctorDeps): Promise<CheckResult> {
  const { problem = await host.checkSpoolWritable(deps.paths), putAside } = await deps.inspectSpool();
  const dir = deps.paths.spoolDir;
  if (problem !== undefined) {
    const hint = `Make "${dir}" a directory of yours with mode 0700: hooks are lost until then.`;
    return { name: "spool", level: "error", detail: problem, hint };
  }
  if (putAside === 0) return ok("spool", dir);
  const detail = `${putAside} file(s) that are no signals were put aside in ${dir}/.rejected`;
  return {
    name: "spool",
    level: "warning",
    detail,
    hint: `See ${deps.paths.shimLogPath}, then delete them.`,
  };
}

async function checkAgent(
  harness: ReturnType<Harnesses["list"]>[number],
  env: DoctorDeps["env"],
): Promise<CheckResult> {
  const name = `agent ${harness.id}`;
  const located = await harness.locate(env);
  if (located) return ok(name, [located.version, located.path].filter(Boolean).join(" at "));
  const hint = `Install ${harness.displayName}, or name it with ${harness.binaryVariable}.`;
  return { name, level: "warning", detail: "not found", hint };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
