import * as z from "zod";
import { argument, jsonObject, texts, variables, word } from "./schema-values.ts";

const place = z
  .enum(["launch", "worktree"])
  .describe("launch: ao's own directory; worktree: hidden from git, and taken back at the end.");
const path = word
  .regex(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\0]*$/, "must be a relative path without ..")
  .describe("Below the place; for scripts a directory, with an executable for each event.");
const hookEntries = z.strictObject({
  at: z.array(word).readonly().describe("Keys that lead to the list."),
  shape: z
    .enum(["by_event", "list"])
    .describe(
      "by_event: an object with a list for each event; list: one list, each entry names its {event}.",
    ),
  entry: jsonObject.describe(
    "An entry; {command} is the shell command that reports the event, {event} its name.",
  ),
  entryOf: z
    .record(z.string(), jsonObject)
    .optional()
    .describe("Entries of events that are written otherwise."),
});
const tomlTable = z.record(z.string().regex(/^[\w-]+$/), z.union([z.string(), z.number(), z.boolean()]));
const hookFile = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("json"),
    place,
    path,
    base: texts
      .optional()
      .describe("The user's file this one stands in for: the first there is is merged in."),
    content: jsonObject.optional().describe("What the file says beside the hooks."),
    hooks: hookEntries.optional(),
    permissionConfig: z.boolean().optional().describe("The permission mode's `config` goes in too."),
  }),
  z.strictObject({
    kind: z.literal("toml"),
    place,
    path,
    base: texts.optional(),
    table: z
      .string()
      .regex(/^[\w-]+$/, "must be the name of a TOML table")
      .describe("An entry for each event is written as [[table]]."),
    entry: tomlTable.describe(
      "Keys of an entry; {command} is the command that reports the event, {event} its name.",
    ),
    entryOf: z
      .record(z.string(), tomlTable)
      .optional()
      .describe("Entries of events that are written otherwise."),
  }),
  z.strictObject({
    kind: z.literal("scripts"),
    place,
    path,
    userScript: word.optional().describe("Runs after ours, where the agent looks in one directory only."),
  }),
]);
const mirror = z
  .strictObject({ from: texts, to: path, make: texts, expect: texts })
  .describe("A private copy of the agent's own directory: links to what is in it, and our files as its own.");
const trust = z
  .union([
    z.strictObject({ file: texts, folder: texts, parent: texts, env: variables }),
    z.strictObject({
      records: texts.describe("The user's directory with one JSON file for each trusted directory."),
      to: path.describe("The same in the mirror."),
      name: word.describe("A file's name, of {slug} (the directory's last part) and {hash} (of its path)."),
      pathKey: word.describe("Key of the directory's path in it."),
    }),
  ])
  .describe(
    "An agent that keeps trust by directory trusts a worktree as it trusts the worktree's repository.",
  );
/** How ao-hook gets in. */
export const hooks = z
  .discriminatedUnion("strategy", [
    z.strictObject({
      strategy: z.literal("files"),
      files: z.array(hookFile).min(1).readonly(),
      args: z
        .array(argument)
        .readonly()
        .default([])
        .describe("Arguments; {dir} is ao's directory for the launch."),
      env: variables.default({}).describe("Environment; {dir} is ao's directory for the launch."),
      hidesEnvironment: z
        .boolean()
        .optional()
        .describe("The agent keeps its environment from its hooks: their commands carry what they need."),
      mirror: mirror.optional(),
      trust: trust.optional(),
    }),
    z.strictObject({
      strategy: z.literal("environment"),
      variable: word.describe(
        "Names ao-hook, which the agent calls as `$VARIABLE HARNESS EVENT` with JSON on stdin.",
      ),
    }),
    z.strictObject({ strategy: z.literal("none") }),
  ])
  .default({ strategy: "none" })
  .describe("files: ao writes files that name its command; environment: a variable names it; none.");
