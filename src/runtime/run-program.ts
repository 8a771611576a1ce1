import { type ChildProcess, spawn } from "node:child_process";

/** How a program ended: `error` unless it ran to its end with status 0. */
export interface ProgramEnd {
  error?: Error;
  stdout: string;
  stderr: string;
}

const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

/**
 * Runs a program to its end without a shell and collects what it says, at most 32 MiB; never throws.
 *
 * `argv0` is what the program is told it is called. After `timeoutMs` it is killed.
 */
export function runProgram(request: {
  file: string;
  argv: readonly string[];
  argv0?: string;
  input?: string;
  /** Undefined takes this process's own. */
  env?: Readonly<Record<string, string>>;
  timeoutMs: number;
}): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const child = start(request, (error) => resolve({ error, stdout: "", stderr: "" }));
    if (!child) return;
    let failure: Error | undefined;
    let bytes = 0;
    const fail = (error: Error) => {
      failure ??= error;
      child.kill("SIGKILL");
      // A tmux client hands its descriptors to the server: one that is stopped would keep them open.
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    const timer = setTimeout(
      () => fail(new Error(`no answer within ${request.timeoutMs} ms`)),
      request.timeoutMs,
    );
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_OUTPUT_BYTES) fail(new Error(`said more than ${MAX_OUTPUT_BYTES} bytes`));
        else output[name].push(chunk);
      });
    }
    // A program that ended early closes its stdin; its exit status tells the story.
    child.stdin?.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ECONNRESET") fail(error);
    });
    child.on("error", (error) => {
      failure ??= error;
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const error =
        failure ?? (code === 0 ? undefined : new Error(`"${request.file}" ended with ${signal ?? code}`));
      resolve({ error, stdout: text(output.stdout), stderr: text(output.stderr) });
    });
    child.stdin?.end(request.input ?? "");
  });
}

/** Node throws at once for what the system refuses at once, such as too large an environment. */
function start(
  { file, argv, argv0, env }: { file: string; argv: readonly string[]; argv0?: string; env?: object },
  refused: (error: Error) => void,
): ChildProcess | undefined {
  try {
    return spawn(file, argv, { argv0, env: env as NodeJS.ProcessEnv | undefined, cwd: "/" });
  } catch (error) {
    refused(error as Error);
    return undefined;
  }
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}
