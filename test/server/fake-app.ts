import type { Status } from "../../src/core/session.ts";
import type { Signal } from "../../src/core/signal.ts";
import type { App, WatchMessage } from "../../src/lifecycle/api.ts";
import { fakeActivity } from "./fake-activity.ts";
import { fakeProjects, fakeSalvages } from "./fake-places.ts";
import { OWN } from "./fake-rows.ts";
import { fakeSessions } from "./fake-sessions.ts";
import { createFakeState } from "./fake-state.ts";
import { fakeDaemon, fakeHarnesses } from "./fake-surroundings.ts";

/** Tokens the fake knows. */
export const TOKENS = { operator: "operator-token", session: "session-token" } as const;
/** The App port in memory, with handles for tests. */
export interface FakeApp extends App {
  /** Every change committed, by revision - 1. */
  readonly changes: readonly WatchMessage[];
  /** Commits a change of a session. */
  change(id: string, status?: Status): void;
  removeSession(id: string): void;
  /** Changes before this revision are forgotten. */
  compactBefore(revision: number): void;
  /** Signals reported so far, per call. */
  readonly reported: Signal[][];
  /** Holds `report` back until it resolves. */
  gate: Promise<void>;
  /** Reasons of the signals that ended waits. */
  readonly aborted: string[];
  /** Last arguments by method. */
  readonly calls: Map<string, unknown>;
  readonly shimStreams: number[];
  readonly stops: number;
  /** Messages watchers took so far. */
  readonly watched: number;
  /** What every method throws instead, when set. */
  failure: Error | undefined;
}

/** Makes the fake with project "web" and sessions web-1 to web-<n>. */
export function createFakeApp({ sessions = 3, epoch = "e1" } = {}): FakeApp {
  const fake = createFakeState(sessions, epoch);
  const { changes, calls, reported, aborted } = fake;
  const shimStreams: number[] = [];
  return {
    changes,
    calls,
    reported,
    aborted,
    shimStreams,
    get gate() {
      return fake.gate;
    },
    set gate(gate) {
      fake.gate = gate;
    },
    get failure() {
      return fake.failure;
    },
    set failure(failure) {
      fake.failure = failure;
    },
    get stops() {
      return fake.stops;
    },
    get watched() {
      return fake.watched;
    },
    change: (id, status = "working") => void fake.put({ ...fake.find(id), status }),
    removeSession(id) {
      fake.sessions.delete(id);
      const revision = changes.length + 1;
      changes.push({ type: "removed", revision, epoch, sessionId: id, commitTime: 1 });
      fake.hint.wake();
    },
    compactBefore(revision) {
      fake.oldest = revision;
    },
    sessions: fakeSessions(fake),
    activity: fakeActivity(fake),
    salvages: fakeSalvages(fake),
    projects: fakeProjects(fake),
    harnesses: fakeHarnesses(fake),
    daemon: fakeDaemon(fake),
    authenticate: async (token) => {
      if (token === TOKENS.operator) return { kind: "operator" };
      if (token === TOKENS.session) return { kind: "session", ...OWN };
      return undefined;
    },
    onShimStreams: (open) => void shimStreams.push(open),
  };
}
