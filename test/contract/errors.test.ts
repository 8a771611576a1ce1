import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { AoError, type ErrorMetadata, type ErrorReason, REASONS } from "../../src/core/errors.ts";
import { STATUS_CODES } from "../../src/wire/errors.ts";
import { suite } from "../support/suite.ts";

/** Stands for every value an error may quote: `{key}`. */
const PLACEHOLDERS: ErrorMetadata = new Proxy({}, { get: (_target, key) => `{${String(key)}}` });

/** Rows of the table under "## Errors". */
function documented(): string[] {
  const text = readFileSync("src/README.md", "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith("Errors\n"));
  return section?.match(/^\| [A-Z_]+ \|.*$/gm) ?? [];
}

suite("contract/errors", ({ test }) => {
  test("src/README.md lists every reason once, with kind, gRPC code and text", () => {
    const inCode = Object.entries(REASONS).map(([reason, { kind, message }]) => {
      const text = message(PLACEHOLDERS).replaceAll("|", "\\|");
      return `| ${reason} | ${kind} | ${STATUS_CODES[kind]} | ${text} |`;
    });
    assert.equal(documented().sort(), inCode.sort());
  });

  test("every reason has a text and a hint, whatever it is given", () => {
    for (const reason of Object.keys(REASONS) as ErrorReason[]) {
      const error = new AoError(reason, { hint: "h", problem: "p" });
      assert.ok(error.message.length > 0, reason);
      assert.ok(error.hint.length > 0, reason);
      assert.match(reason, /^[A-Z][A-Z_]{1,62}$/);
    }
  });
});
