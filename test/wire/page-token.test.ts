import fc from "fast-check";
import * as assert from "uvu/assert";
import type { AoError } from "../../src/core/errors.ts";
import { decodePageToken, encodePageToken, type PageScope, pageSize } from "../../src/wire/page-token.ts";
import { suite } from "../support/suite.ts";

const scope: fc.Arbitrary<PageScope> = fc.record({
  list: fc.constantFrom("projects", "sessions", "signals", "harnesses"),
  filter: fc.array(fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 2 })), { maxLength: 3 }),
});

function refused(run: () => unknown): string {
  try {
    run();
    return "taken";
  } catch (error) {
    return (error as AoError).reason;
  }
}

suite("wire/page token", ({ test }) => {
  test("a token leads back to its place, in its own list and filter only", () => {
    fc.assert(
      fc.property(scope, scope, fc.string(), (own, other, after) => {
        const token = encodePageToken(own, after);
        assert.is(decodePageToken(own, token), after);
        assert.match(token, /^[A-Za-z0-9_-]+$/);
        if (JSON.stringify(own) !== JSON.stringify(other)) {
          assert.is(
            refused(() => decodePageToken(other, token)),
            "INVALID_PAGE_TOKEN",
          );
        }
      }),
    );
  });

  test("no rows left is no token, and no token is the first page", () => {
    const own: PageScope = { list: "projects", filter: [] };
    assert.is(encodePageToken(own, undefined), "");
    assert.is(decodePageToken(own, ""), undefined);
  });

  test("anything else is refused", () => {
    const own: PageScope = { list: "projects", filter: [] };
    const forged = (content: unknown) => Buffer.from(JSON.stringify(content)).toString("base64url");
    const tokens = ["x", "{}", forged(null), forged([1, 2]), forged({ length: 2 }), "A".repeat(10_000)];
    for (const token of tokens)
      assert.is(
        refused(() => decodePageToken(own, token)),
        "INVALID_PAGE_TOKEN",
      );
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (token) => {
        assert.is(
          refused(() => decodePageToken(own, token)),
          "INVALID_PAGE_TOKEN",
        );
      }),
    );
  });

  test("a page has 50 rows unless told, at most 500, never a negative number", () => {
    assert.equal([0, 1, 500, 501, 2 ** 31 - 1].map(pageSize), [50, 1, 500, 500, 500]);
    assert.is(
      refused(() => pageSize(-1)),
      "INVALID_FIELD",
    );
  });
});
