import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { AoError } from "../core/errors.ts";
import type { ProbeResult, ProcessTable, Runtime, StartRequest } from "../core/ports/runtime.ts";
import { ifThere } from "../util/absent.ts";
import { writeFileAtomic } from "../util/atomic-file.ts";
import { sendSignal } from "../util/send-signal.ts";
import { writeCommandFile } from "./command-file.ts";
import { awaitLauncher, launcherFile, prepareLauncher, readLauncher, startFailed } from "./launcher.ts";
import { lastLines, plainText } from "./screen-text.ts";

/** How much of the output's end `capture` reads: 10 000 lines of 100 bytes. */
const TAIL_BYTES = 1_000_000;

interface ProcessHandle {
  launchDir: string;
  session: string;
}

/**
 * Runs each launch without a terminal: own session, no stdin, output appended to `output.log` in its launch's directory.
 *
 * The handle is that directory: `ao-run.pid` in it names the launcher, so that it is found again after a restart.
 */
export function createProcessRuntime(options: { aoRun: string; processes: ProcessTable }): Runtime {
  const { aoRun, processes } = options;
  return {
    kind: "process",
    check: () => checkExecutable(aoRun),
    handleFor: ({ sessionId, launchDir }) => JSON.stringify({ launchDir, session: sessionId }),
    start: async (handle, request) => {
      await prepareLauncher(aoRun, request);
      await writeCommandFile(request);
      try {
        await startLauncher({ aoRun, processes, request });
      } catch (error) {
        await dispose(processes, parse(handle));
        throw error;
      }
    },
    probe: (handle) => probe(processes, parse(handle)),
    capture: (handle, lines) => capture(parse(handle), lines),
    paste: () => unsupported("pasted text"),
    press: () => unsupported("keys"),
    look: () => unsupported("looks at a terminal"),
    typeOnce: () => unsupported("keys"),
    wasTyped: () => unsupported("keys"),
    attachCommand: () => [],
    dispose: (handle) => dispose(processes, parse(handle)),
  };
}

function parse(handle: string): ProcessHandle {
  return JSON.parse(handle) as ProcessHandle;
}

function outputFile(launchDir: string): string {
  return join(launchDir, "output.log");
}

async function checkExecutable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function startLauncher(options: {
  aoRun: string;
  processes: ProcessTable;
  request: StartRequest;
}): Promise<void> {
  const { request } = options;
  const output = await open(outputFile(request.launchDir), "a", 0o600);
  let child: ChildProcess;
  try {
    child = spawnDetached(options.aoRun, request, output);
  } catch (error) {
    throw startFailed(request, (error as Error).message, error);
  } finally {
    await output.close();
  }
  let problem = "";
  child.once("error", (error) => {
    problem = error.message;
  });
  const launcher = await awaitLauncher(request.launchDir, () => problem !== "");
  if (!launcher) throw startFailed(request, problem || `"${options.aoRun}" did not start`);
  if (launcher.startTicks === undefined)
    await completeRecord(options.processes, request.launchDir, launcher.pid);
}

function spawnDetached(aoRun: string, request: StartRequest, output: FileHandle): ChildProcess {
  const child = spawn(aoRun, [request.launchDir], {
    cwd: request.cwd,
    env: request.env,
    detached: true,
    stdio: ["ignore", output.fd, output.fd],
  });
  child.unref();
  return child;
}

/** Adds the start time `ao-run` could not read on a system without /proc. */
async function completeRecord(processes: ProcessTable, launchDir: string, pid: number): Promise<void> {
  const identity = await processes.identify(pid);
  if (identity) await writeFileAtomic(launcherFile(launchDir), `${pid} ${identity.startTicks}\n`);
}

async function probe(processes: ProcessTable, { launchDir }: ProcessHandle): Promise<ProbeResult> {
  try {
    const launcher = await readLauncher(launchDir);
    if (!launcher) return "dead";
    if (launcher.startTicks !== undefined)
      return await processes.probe({ pid: launcher.pid, startTicks: launcher.startTicks });
    return (await processes.identify(launcher.pid)) ? "alive" : "dead";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return "unknown";
    throw error;
  }
}

async function capture({ launchDir }: ProcessHandle, lines: number): Promise<string | undefined> {
  const file = await ifThere(open(outputFile(launchDir), "r"));
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - start), position: start });
    return lastLines(plainText(buffer.toString("utf8", 0, bytesRead)), lines);
  } finally {
    await file.close();
  }
}

function unsupported(what: string): Promise<never> {
  const hint = "Start the session with `--runtime tmux`.";
  return Promise.reject(new AoError("UNSUPPORTED", { subject: 'runtime "process"', what, hint }));
}

/** Hangs up, as a terminal does that is closed: SIGHUP to the launcher's process group. The launcher outlives it. */
async function dispose(processes: ProcessTable, { launchDir }: ProcessHandle): Promise<void> {
  const launcher = await readLauncher(launchDir);
  if (launcher) {
    const identity = await processes.identify(launcher.pid);
    if (identity && (launcher.startTicks ?? identity.startTicks) === identity.startTicks)
      sendSignal(-launcher.pid, "SIGHUP");
  }
  await rm(launcherFile(launchDir), { force: true });
  await rm(outputFile(launchDir), { force: true });
}
