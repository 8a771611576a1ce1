import { join } from "node:path";
import { AoError } from "../core/errors.ts";
import type { StartRequest } from "../core/ports/runtime.ts";
import { writeFileAtomic } from "../util/atomic-file.ts";

/** Name of the file `ao-run` reads, in the launch's directory. */
const COMMAND_FILE = "command.sh";

/** Longest argument Linux takes, with its closing NUL (MAX_ARG_STRLEN). */
const MAX_ARGUMENT_BYTES = 131_072;

/** Writes what `ao-run` is to start, mode 0600. Throws INVALID_FIELD for an argument no program can be given. */
export async function writeCommandFile(request: StartRequest): Promise<void> {
  if (request.argv.length === 0) refuse("argv", "", "must name a program");
  for (const argument of request.argv) checkArgument(argument);
  await writeFileAtomic(join(request.launchDir, COMMAND_FILE), commandText(request));
}

/** The file's text: plain assignments and one `set --`, every value in single quotes. */
function commandText(request: StartRequest): string {
  const umask = request.umask === undefined ? [] : [`umask ${octal(request.umask)}`];
  return [
    ...umask,
    `ao_run_launch=${quote(request.launchId)}`,
    `ao_run_spool=${quote(request.spoolDir)}`,
    `ao_run_cwd=${quote(request.cwd)}`,
    `set -- ${request.argv.map(quote).join(" ")}`,
    "",
  ].join("\n");
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

/** Quotes for any POSIX shell: nothing is special between single quotes but the quote itself. */
function quote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

function checkArgument(argument: string): void {
  if (argument.includes("\0")) refuse("argv", argument.slice(0, 100), "must not hold a NUL character");
  const bytes = Buffer.byteLength(argument) + 1;
  if (bytes > MAX_ARGUMENT_BYTES)
    refuse("argv", `${argument.slice(0, 100)}…`, `must stay under ${MAX_ARGUMENT_BYTES} bytes`);
}

function refuse(field: string, value: string, problem: string): never {
  throw new AoError("INVALID_FIELD", { field, value, problem });
}
