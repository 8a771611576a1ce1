import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { AoError } from "../core/errors.ts";

const FILE = z.strictObject({
  listen: z
    .strictObject({
      address: z.string(),
      cert: z.string(),
      key: z.string(),
      client_ca: z.string().optional(),
    })
    .partial()
    .optional(),
});

/** What `config.yaml` says under `listen`. */
export type ListenFile = NonNullable<z.infer<typeof FILE>["listen"]>;

/** Reads the text of the `config.yaml` at `path`; throws CONFIG_INVALID. */
export function parseListenFile(text: string, path: string): ListenFile {
  try {
    return FILE.parse(parse(text) ?? {}).listen ?? {};
  } catch (error) {
    if (!(error instanceof YAMLParseError) && !(error instanceof z.ZodError)) throw error;
    const problem =
      error instanceof z.ZodError ? z.prettifyError(error).replaceAll("\n", " ") : error.message;
    throw new AoError("CONFIG_INVALID", { path, problem: problem.split("\n")[0] ?? problem });
  }
}
