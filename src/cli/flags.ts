import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { AoError } from "../core/errors.ts";
import { STATUSES, type Status } from "../core/session.ts";
import { suggest } from "../util/suggest.ts";
import { parseDuration } from "./render/duration.ts";

/** Positional argument that names one session. */
export const sessionArg = Args.string({
  name: "id",
  description: "session id, or its name",
  required: true,
  ignoreStdin: true,
});

/** Positional argument that may name one session. */
export const optionalSessionArg = Args.string({
  name: "id",
  description: "session id, or its name",
  ignoreStdin: true,
});

/** Positional argument that names one or more sessions. */
export const sessionsArg = Args.string({
  name: "id",
  description: "session ids, or their names",
  required: true,
  multiple: true,
  ignoreStdin: true,
});

/** Positional argument that names one salvage. */
export const salvageArg = Args.string({
  name: "salvage",
  description: "name of a salvage (the session's id), or its ref",
  required: true,
  ignoreStdin: true,
});

/** Flag that takes "30s", "5m", "1h"; its value is milliseconds. */
export const durationFlag = Flags.custom<number>({
  helpValue: "DURATION",
  parse: async (text, _context, options) => parseDuration(`--${options.name}`, text),
});

/** Statuses of a comma-separated list; throws USAGE that lists the words there are. */
export function parseStatuses(flag: string, text: string): Status[] {
  const words = text.split(",").map((word) => word.trim());
  return words.map((word) => {
    const status = STATUSES.find((known) => known === word.replaceAll("-", "_"));
    if (status) return status;
    const close = suggest(word, STATUSES);
    throw new AoError("USAGE", {
      problem: `${flag} "${word}" is not a status`,
      hint: `${close ? `Did you mean "${close}"? ` : ""}Statuses: ${STATUSES.join(", ")}.`,
    });
  });
}

/** Flag that takes a comma-separated list of statuses. */
export const statusesFlag = Flags.custom<Status[]>({
  helpValue: "STATUS[,STATUS]",
  parse: async (text, _context, options) => parseStatuses(`--${options.name}`, text),
});
