import { createHash } from "node:crypto";
import { AoError } from "../core/errors.ts";

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 500;
const MAX_TOKEN_LENGTH = 2000;

/** What a token is bound to: the same list with the same filter. */
export interface PageScope {
  list: "projects" | "salvages" | "sessions" | "signals" | "harnesses" | "messages";
  filter: readonly (string | readonly string[])[];
}

/** An opaque token for the rows after `after`; empty when there are none. */
export function encodePageToken(scope: PageScope, after: string | undefined): string {
  if (after === undefined) return "";
  return Buffer.from(JSON.stringify([digest(scope), after])).toString("base64url");
}

/** Where a page starts; undefined for the first. Throws INVALID_PAGE_TOKEN for a token of another list or filter. */
export function decodePageToken(scope: PageScope, token: string): string | undefined {
  if (token === "") return undefined;
  const content = token.length > MAX_TOKEN_LENGTH ? undefined : parse(token);
  if (!Array.isArray(content) || content[0] !== digest(scope) || typeof content[1] !== "string") {
    throw new AoError("INVALID_PAGE_TOKEN");
  }
  return content[1];
}

/** Rows of a page: 0 takes 50, more than 500 gives 500. Throws INVALID_FIELD for a negative number. */
export function pageSize(value: number): number {
  if (value < 0) {
    throw new AoError("INVALID_FIELD", { field: "page_size", value, problem: "must not be negative" });
  }
  return Math.min(value || DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
}

function digest(scope: PageScope): string {
  return createHash("sha256").update(JSON.stringify(scope)).digest("base64url").slice(0, 16);
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
