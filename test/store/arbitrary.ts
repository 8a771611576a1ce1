import fc from "fast-check";
import type { LoggedSignal } from "../../src/core/ports/store.ts";
import { type Facts, type Session, STATUSES } from "../../src/core/session.ts";
import type { SignalFields } from "../../src/core/signal.ts";

const text = fc.string({ unit: "binary" });
const time = fc.nat({ max: 4_000_000_000_000 });
const count = fc.nat();

/** Generates objects with any of `optional` absent. */
function partly<Required, Optional>(
  required: { [K in keyof Required]: fc.Arbitrary<Required[K]> },
  optional: { [K in keyof Optional]: fc.Arbitrary<Optional[K]> },
): fc.Arbitrary<Required & Partial<Optional>> {
  const some = fc.record(optional, { requiredKeys: [], noNullPrototype: true });
  return fc
    .tuple(fc.record(required), some)
    .map(([all, few]) => ({ ...all, ...few }) as Required & Partial<Optional>);
}

const exit = partly(
  { cause: fc.constantFrom("exited", "signaled", "killed", "out_of_memory", "spawn_failed"), time },
  { code: fc.integer({ min: 0, max: 255 }), signal: fc.constantFrom("SIGKILL", "SIGTERM") },
);

const request = partly(
  {
    kind: fc.constantFrom("permission", "question", "prompt", "limit", "auth"),
    since: time,
    requestId: text,
  },
  {
    tool: text,
    toolUseId: text,
    message: text,
    agentId: text,
    until: time,
    witnessed: fc.boolean(),
    witnessedTime: time,
  },
);

const facts = partly(
  {
    launchId: text,
    launchTime: time,
    promptPending: fc.boolean(),
    headless: fc.boolean(),
    process: partly(
      { state: fc.constantFrom("starting", "running", "exited", "lost") },
      { pid: count, pidStartTicks: count, runningTime: time, exit },
    ),
    activity: partly(
      {
        state: fc.constantFrom("active", "idle", "waiting_input", "blocked", "exited"),
        since: time,
        evidenceTime: time,
      },
      { lastSignalTime: time, signalId: text },
    ),
    requests: fc.array(request, { maxLength: 3 }),
    backgroundTasks: count,
    nativeSessionIds: fc.array(text, { maxLength: 3 }),
    title: text,
    summary: text,
  },
  {
    receiptTime: time,
    readyTime: time,
    gate: text,
    killRequestedTime: time,
    transcriptPath: text,
    problem: text,
  },
) as fc.Arbitrary<Facts>;

/** Any session, but for what ties it to other rows. */
export const arbitrarySession = partly(
  {
    kind: fc.constantFrom("worker", "orchestrator"),
    name: text,
    runtime: fc.constantFrom("tmux", "process"),
    permissionMode: fc.constantFrom("default", "accept-edits", "auto", "bypass-permissions"),
    model: text,
    issue: text,
    labels: fc.dictionary(text, text, { maxKeys: 4, noNullPrototype: true }),
    workspace: fc.record({ path: text, branch: text, baseCommit: text }, { noNullPrototype: true }),
    facts,
    createTime: time,
    updateTime: time,
  },
  { requestId: text, requestDigest: text },
) as fc.Arbitrary<Partial<Session>>;

const fields = fc.record(
  {
    nativeSessionId: text,
    toolName: text,
    toolInputDigest: text,
    prompt: text,
    backgroundTasks: count,
    pid: count,
    exitCode: count,
    partial: fc.boolean(),
  },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<SignalFields>;

/** Any logged signal. */
export const arbitraryLogged = fc.record({
  signal: fc.record({
    id: text,
    launchId: text,
    seq: count,
    // The birth time of a file has fractions of a millisecond.
    observedTime: fc.oneof(
      time,
      time.map((ms) => ms + 0.25),
    ),
    kind: fc.constantFrom("hook", "process", "witness", "probe", "report", "request"),
    harness: text,
    event: text,
    fields,
  }),
  sessionId: text,
  outcome: fc.constantFrom("applied", "recorded", "stale_launch", "superseded"),
  rule: fc.constantFrom("R1", "R5", "-"),
  reason: text,
  statusAfter: fc.constantFrom(...STATUSES),
  commitTime: time,
}) as fc.Arbitrary<LoggedSignal>;
