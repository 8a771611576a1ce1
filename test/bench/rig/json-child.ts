import { spawn } from "node:child_process";
import { createInterface } from "node:readline/promises";

/** A Node program that is told something on stdin and answers in lines. */
export interface JsonChild {
  /** The next line it prints; throws when it ends without one. */
  line(): Promise<string>;
  /** Writes the rest of its stdin. */
  end(input: string): void;
  kill(): void;
}

/** Starts the program; it ends with its stdin, so with this process, unless it is busy. */
export function createJsonChild(program: string, args: readonly string[] = []): JsonChild {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${program} ended without an answer`);
      return value;
    },
    end: (input) => void child.stdin.end(input),
    kill: () => void child.kill("SIGKILL"),
  };
}
