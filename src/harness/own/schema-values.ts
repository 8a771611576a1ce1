import * as z from "zod";
import type { JsonObject, JsonValue } from "../spec.ts";

/** Any text. */
export const text = z.string().max(10_000);
/** One that says something. */
export const word = text.min(1);
export const texts = z.array(text).readonly();

/** Of an environment. */
export const variables = z
  .record(z.string().regex(/^[A-Za-z_]\w*$/, "must be the name of a variable"), text)
  .readonly();

/** A regular expression. */
export const pattern = word
  .refine(compiles, "must be a regular expression that JavaScript takes")
  .describe("A JavaScript regular expression, matched with flag m.");

/** Of a command line. */
export const argument = word.refine((value) => !value.includes("\0"), "must not contain a zero character");

const json: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);

/** What a settings file holds. */
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

function compiles(source: string): boolean {
  try {
    return new RegExp(source, "m").source !== "";
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
