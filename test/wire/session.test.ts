import fc from "fast-check";
import * as assert from "uvu/assert";
import * as pb from "../../gen/ao/v1/session.ts";
import type { Facts, PendingRequest } from "../../src/core/session.ts";
import { sessionFromProto, sessionToProto } from "../../src/wire/session.ts";
import { describeSession, type SessionInfo } from "../../src/wire/session-info.ts";
import * as words from "../../src/wire/session-words.ts";
import { view } from "../server/fake-rows.ts";
import { suite } from "../support/suite.ts";

const text = fc.string({ maxLength: 30, unit: "grapheme" });
const time = fc.integer({ min: 0, max: Date.UTC(9999, 0) });
const count = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const pid = fc.integer({ min: 1, max: 2 ** 22 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const oneOf = <T extends string>({ words }: { words: readonly T[] }) => maybe(fc.constantFrom(...words));
const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { noNullPrototype: true });

const session: fc.Arbitrary<SessionInfo> = record({
  id: text,
  projectId: text,
  harness: text,
  kind: oneOf(words.sessionKinds),
  name: text,
  status: oneOf(words.statuses),
  statusReason: text,
  process: record({
    state: oneOf(words.processStates),
    pid: maybe(pid),
    exit: maybe(
      record({
        code: maybe(fc.integer({ min: 0, max: 255 })),
        signal: text,
        cause: oneOf(words.exitCauses),
        time: maybe(time),
      }),
    ),
  }),
  activity: record({
    state: oneOf(words.activityStates),
    since: maybe(time),
    lastSignalTime: maybe(time),
    waitingOn: maybe(
      record({
        kind: oneOf(words.waitingKinds),
        tool: text,
        message: text,
        requestId: text,
        until: maybe(time),
      }),
    ),
    signalId: text,
  }),
  backgroundTasks: count,
  launchId: text,
  nativeSessionId: text,
  nativeSessionIds: fc.array(text, { maxLength: 3 }),
  title: text,
  summary: text,
  workspace: record({ path: text, branch: text, baseCommit: text }),
  runtime: oneOf(words.runtimeKinds),
  attachCommand: fc.array(text, { maxLength: 3 }),
  permissionMode: oneOf(words.permissionModes),
  model: text,
  issue: text,
  labels: fc.dictionary(
    text.filter((key) => key !== "__proto__"),
    text,
    { maxKeys: 3, noNullPrototype: true },
  ),
  createTime: maybe(time),
  updateTime: maybe(time),
  revision: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  restore: maybe(
    record({
      mode: oneOf(words.restoreModes),
      nativeSessionId: text,
      problem: text,
      endedUnasked: fc.boolean(),
    }),
  ),
});

const withFacts = (facts: Partial<Facts>) => {
  const presented = view("web-1");
  return { ...presented, session: { ...presented.session, facts: { ...presented.session.facts, ...facts } } };
};
const request = (requestId: string, since: number, message = ""): PendingRequest => ({
  kind: "permission",
  since,
  requestId,
  message,
});

suite("wire/session", ({ test }) => {
  test("a session survives the way over the wire unchanged", () => {
    fc.assert(
      fc.property(session, (original) => {
        const bytes = pb.Session.encode(sessionToProto(original)).finish();
        assert.equal(sessionFromProto(pb.Session.decode(bytes)), original);
      }),
    );
  });

  test("words of a newer daemon read as not known", () => {
    const future = pb.Session.fromPartial({
      id: "a-1",
      status: 99 as never,
      process: { state: 99 as never },
    });
    const { id, status, process } = sessionFromProto(future);
    assert.equal([id, status, process.state], ["a-1", undefined, undefined]);
  });

  test("a blocked session waits on its oldest open request", () => {
    const activity = { state: "blocked", since: 1, evidenceTime: 1 } as const;
    const requests = [request("second", 5), request("first", 3), request("third", 9)];
    assert.is(describeSession(withFacts({ activity, requests })).activity.waitingOn?.requestId, "first");
  });

  test("a session that is not waiting says nothing of requests it may still hold", () => {
    const activity = { state: "active", since: 1, evidenceTime: 1 } as const;
    const described = describeSession(withFacts({ activity, requests: [request("r", 1)] }));
    assert.is(described.activity.waitingOn, undefined);
  });

  test("a session that asked for its next instruction waits on a prompt", () => {
    const activity = { state: "waiting_input", since: 1, evidenceTime: 1 } as const;
    assert.is(describeSession(withFacts({ activity })).activity.waitingOn?.kind, "prompt");
  });

  test("an agent's words reach a terminal without control characters, at most 500 of them", () => {
    const activity = { state: "blocked", since: 1, evidenceTime: 1 } as const;
    const requests = [request("r", 1, `\u001b]0;x\u0007 ${"😀".repeat(600)}`)];
    const message = describeSession(withFacts({ activity, requests })).activity.waitingOn?.message ?? "";
    assert.not.match(message, /\p{Cc}/u);
    assert.is([...message].length, 500);
  });
});
