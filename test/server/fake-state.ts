import { AoError } from "../../src/core/errors.ts";
import type { MeantRow } from "../../src/core/ports/store.ts";
import type { Project } from "../../src/core/session.ts";
import type { Signal } from "../../src/core/signal.ts";
import type { SessionView, WatchMessage } from "../../src/lifecycle/api.ts";
import { createHint, type Hint } from "../../src/util/hint.ts";
import { project, row, view } from "./fake-rows.ts";

/** What the parts of the fake share. */
export interface FakeState {
  sessions: Map<string, SessionView>;
  projects: Map<string, Project>;
  changes: WatchMessage[];
  rows: MeantRow[];
  hint: Hint;
  /** Changes before this revision are forgotten. */
  oldest: number;
  stops: number;
  watched: number;
  /** Of every change. */
  epoch: string;
  calls: Map<string, unknown>;
  reported: Signal[][];
  aborted: string[];
  gate: Promise<void>;
  failure: Error | undefined;
  /** Commits a session under the next revision. */
  put(view: SessionView): SessionView;
  /** By id or name; throws SESSION_NOT_FOUND. */
  find(id: string): SessionView;
  /** Notes a call; throws the failure that is set. */
  note(name: string, value: unknown): void;
  /** Never resolves; rejects, and is noted, when the signal aborts. */
  untilAborted(signal: AbortSignal, name: string): Promise<never>;
}

/** Project "web", sessions web-1 to web-<n>, a log of 120 signals. */
export function createFakeState(sessionCount: number, epoch: string): FakeState {
  const sessions = new Map<string, SessionView>();
  const fake: FakeState = {
    sessions,
    projects: new Map([["web", project("web")]]),
    changes: [],
    rows: Array.from({ length: 120 }, (_, index) => row(120 - index)),
    hint: createHint(),
    oldest: 1,
    stops: 0,
    watched: 0,
    epoch,
    calls: new Map(),
    reported: [],
    aborted: [],
    gate: Promise.resolve(),
    failure: undefined,
    put(view) {
      const revision = fake.changes.length + 1;
      const updated = { ...view, session: { ...view.session, revision, updateTime: revision } };
      sessions.set(updated.session.id, updated);
      fake.changes.push({ type: "changed", revision, epoch, view: updated, commitTime: revision });
      fake.hint.wake();
      return updated;
    },
    find(id) {
      const found = sessions.get(id) ?? [...sessions.values()].find(({ session }) => session.name === id);
      if (found) return found;
      throw new AoError("SESSION_NOT_FOUND", { session: id });
    },
    note(name, value) {
      fake.calls.set(name, value);
      if (fake.failure) throw fake.failure;
    },
    untilAborted: (signal, name) =>
      new Promise<never>((_, reject) => {
        const end = () => {
          fake.aborted.push(name);
          reject(new DOMException("aborted", "AbortError"));
        };
        if (signal.aborted) end();
        else signal.addEventListener("abort", end, { once: true });
      }),
  };
  for (let n = 1; n <= sessionCount; n++) fake.put(view(`web-${n}`));
  return fake;
}
