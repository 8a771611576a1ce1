import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { createDescriptorIndex } from "../../src/server/descriptor-index.ts";
import { suite } from "../support/suite.ts";

const index = createDescriptorIndex(readFileSync("gen/ao.binpb"));
const holds = (files: Uint8Array[] | undefined, name: string) =>
  (files ?? []).some(
    (bytes) =>
      Buffer.from(bytes)
        .subarray(2, 2 + name.length)
        .toString() === name,
  );

suite("server/descriptor index", ({ test }) => {
  test("a file comes with everything it imports", () => {
    const files = index.byFilename("ao/v1/session_service.proto");
    for (const name of [
      "ao/v1/session_service.proto",
      "ao/v1/session.proto",
      "google/protobuf/duration.proto",
      "google/protobuf/field_mask.proto",
      "google/protobuf/timestamp.proto",
    ]) {
      assert.ok(holds(files, name), name);
    }
    assert.is(files?.length, 5);
  });

  test("services, methods, messages, nested messages and enums are found by their full names", () => {
    for (const [symbol, file] of [
      ["ao.v1.SessionService", "ao/v1/session_service.proto"],
      ["ao.v1.SessionService.WatchSessions", "ao/v1/session_service.proto"],
      ["ao.v1.Session", "ao/v1/session.proto"],
      ["ao.v1.Session.LabelsEntry", "ao/v1/session.proto"],
      ["ao.v1.SessionStatus", "ao/v1/session.proto"],
      ["grpc.health.v1.HealthCheckResponse.ServingStatus", "grpc/health/v1/health.proto"],
    ] as const) {
      assert.ok(holds(index.bySymbol(symbol), file), symbol);
    }
  });

  test("what is not there is not found", () => {
    for (const symbol of ["", "ao", "ao.v1", "ao.v1.Nope", "Session"])
      assert.is(index.bySymbol(symbol), undefined);
    assert.is(index.byFilename("ao/v1/nope.proto"), undefined);
  });

  test("a set without files knows nothing", () => {
    const empty = createDescriptorIndex(new Uint8Array());
    assert.equal([empty.services, empty.methods], [[], []]);
  });
});
