import { Config } from "@oclif/core/config";
import * as Errors from "@oclif/core/errors";
import { run } from "@oclif/core/run";
import { AoError } from "../core/errors.ts";
import { suggest } from "../util/suggest.ts";
import { errorStyle } from "./context.ts";
import { describeFailure, EXIT, failureJson, failureLines } from "./failure.ts";
import { findInstall, type Install } from "./install.ts";

/** Runs one command line and returns its exit code; prints errors where people and programs look for them. */
export async function runCli(argv: string[]): Promise<number> {
  endWithReader();
  try {
    const install = findInstall();
    const options = { root: install.oclifRoot, pjson: install.packageJson as never };
    try {
      await run(argv, options);
    } catch (error) {
      throw await explainUnknownCommand(error, install);
    }
    return typeof process.exitCode === "number" ? process.exitCode : EXIT.ok;
  } catch (error) {
    return report(error, argv);
  }
}

/** A reader that goes away (`ao ls | head -1`) ends the program quietly, like any Unix tool. */
function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      // Commands that hold something (a demo's daemon) clean up on SIGTERM; the others just end.
      if (process.listenerCount("SIGTERM") > 0) process.emit("SIGTERM");
      else process.exit(EXIT.ok);
    });
  }
}

function report(error: unknown, argv: readonly string[]): number {
  const failure = describeFailure(error);
  const { palette, debug } = errorStyle(process);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (!failure) return error instanceof Errors.ExitError ? (error.oclif.exit ?? EXIT.ok) : EXIT.failed;
  if (wantsJson(argv)) process.stdout.write(`${JSON.stringify(failureJson(failure), null, 2)}\n`);
  else process.stderr.write(`${failureLines(failure, palette).join("\n")}\n`);
  return failure.exitCode;
}

function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end === -1 ? argv : argv.slice(0, end)).includes("--json");
}

/** Replaces oclif's "command a:b not found" by what the person typed and the nearest command there is. */
async function explainUnknownCommand(error: unknown, install: Install): Promise<unknown> {
  const found = error instanceof Errors.CLIError && /^command (.*) not found$/.exec(error.message)?.[1];
  if (!found) return error;
  const config = await Config.load({ root: install.oclifRoot, pjson: install.packageJson as never });
  const typed = found.replaceAll(":", " ");
  const known = config.commandIDs.map((id) => id.replaceAll(":", " "));
  const prefix = known.filter((id) => typed.startsWith(`${id} `)).sort((a, b) => b.length - a.length)[0];
  if (prefix)
    return new AoError("USAGE", {
      problem: `\`ao ${prefix}\` takes no "${typed.slice(prefix.length + 1)}"`,
      hint: `See \`ao ${prefix} --help\`.`,
    });
  const close = suggest(typed, known);
  const hint = close ? `Did you mean \`ao ${close}\`?` : "See `ao --help`.";
  return new AoError("USAGE", { problem: `there is no command \`ao ${typed}\``, hint });
}
