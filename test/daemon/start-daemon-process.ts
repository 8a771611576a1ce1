import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "../../src/daemon/main.ts");

/** A daemon started as a program would start it. */
export interface DaemonProcess {
  child: ChildProcess;
  /** Resolves when it has ended, with what it said of a failed start. */
  ended: Promise<{ code: number | null; reason?: string; message: string; hint: string }>;
}

/** Starts a daemon; `wrapper` is a command that gets it as its arguments. */
export function startDaemonProcess(
  env: Record<string, string>,
  wrapper: readonly string[] = [],
): DaemonProcess {
  const [file = "", ...args] = [...wrapper, process.execPath, MAIN];
  const child = spawn(file, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.on("data", (chunk) => {
    text += chunk;
  });
  const ended = new Promise<Awaited<DaemonProcess["ended"]>>((resolve) => {
    child.once("close", (code) => resolve({ code, message: text, hint: "", ...parse(text) }));
  });
  return { child, ended };
}

function parse(text: string) {
  const line = text.split("\n").find((candidate) => candidate.startsWith('{"error"'));
  return line === undefined ? {} : JSON.parse(line).error;
}

/** Messages of a log, oldest first. */
export function logMessages(path: string): string[] {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line).msg);
}
