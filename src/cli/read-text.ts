import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { AoError } from "../core/errors.ts";

/** The text itself, or all of stdin when it is "-". */
export async function textOrStdin(value: string, stdin: NodeJS.ReadStream): Promise<string> {
  if (value !== "-") return value;
  if (stdin.isTTY)
    throw new AoError("USAGE", {
      problem: '"-" reads from standard input, and that is the terminal',
      hint: 'Pipe the text in: `echo "…" | ao …`.',
    });
  return withoutLastNewline(await text(stdin));
}

/** A prompt from a file; throws USAGE naming the flag when it cannot be read. */
export async function textOfFile(flag: string, path: string): Promise<string> {
  try {
    return withoutLastNewline(await readFile(path, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    const problem = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new AoError("USAGE", {
      problem: `${flag} "${path}" ${problem}`,
      hint: "Give the path of a text file.",
    });
  }
}

/** `echo` and editors end a text with a newline nobody meant to send. */
function withoutLastNewline(value: string): string {
  return value.replace(/\r?\n$/, "");
}
