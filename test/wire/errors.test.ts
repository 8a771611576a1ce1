import fc from "fast-check";
import * as assert from "uvu/assert";
import { BadRequest } from "../../gen/google/rpc/error_details.ts";
import { Status } from "../../gen/google/rpc/status.ts";
import { AoError, type ErrorReason, REASONS } from "../../src/core/errors.ts";
import { detailsFromStatus, errorToStatus } from "../../src/wire/errors.ts";
import { suite } from "../support/suite.ts";

const reasons = Object.keys(REASONS) as ErrorReason[];
const value = fc.oneof(fc.string({ unit: "binary", maxLength: 50 }), fc.integer());
const metadata = fc.dictionary(fc.stringMatching(/^[a-z]{1,10}$/), value, {
  maxKeys: 4,
  noNullPrototype: true,
});

suite("wire/errors", ({ test }) => {
  test("every reason arrives with text, hint and the values it quotes", () => {
    fc.assert(
      fc.property(fc.constantFrom(...reasons), metadata, (reason, quoted) => {
        const error = new AoError(reason, quoted);
        const status = errorToStatus(error);
        const told = detailsFromStatus(status.details ?? new Uint8Array());
        const { hint: _, ...expected } = Object.fromEntries(
          Object.entries(quoted).map(([key, sent]) => [key, String(sent).toWellFormed()]),
        );
        assert.is(told?.reason, reason);
        assert.is(told?.hint, error.hint.toWellFormed());
        assert.equal(told?.metadata, expected);
        assert.is(status.message, error.message.toWellFormed());
      }),
    );
  });

  test("a text that quotes a huge or broken value stays short and can be sent", () => {
    for (const huge of ["x".repeat(4_000_000), `${"x".repeat(499)}😀`, "\ud800"]) {
      const { message, details } = errorToStatus(new AoError("SESSION_NOT_FOUND", { session: huge }));
      assert.ok(message.length < 600);
      assert.ok((details?.length ?? 0) < 3000);
      assert.type(encodeURI(message), "string");
    }
  });

  test("INVALID_FIELD names the field in a BadRequest too", () => {
    const error = new AoError("INVALID_FIELD", { field: "name", value: "x", problem: "is bad" });
    const { details } = Status.decode(errorToStatus(error).details ?? new Uint8Array());
    const [, badRequest] = details;
    assert.is(badRequest?.typeUrl, "type.googleapis.com/google.rpc.BadRequest");
    const [violation] = BadRequest.decode(badRequest?.value ?? new Uint8Array()).fieldViolations;
    assert.equal([violation?.field, violation?.description], ["name", "is bad"]);
  });

  test("details of somebody else, or no details at all, say nothing", () => {
    assert.is(detailsFromStatus(Buffer.from("garbage")), undefined);
    assert.is(detailsFromStatus(new Uint8Array()), undefined);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        detailsFromStatus(bytes);
      }),
    );
  });
});
