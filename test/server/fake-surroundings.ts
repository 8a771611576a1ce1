import { AoError } from "../../src/core/errors.ts";
import type { App } from "../../src/lifecycle/api.ts";
import type { FakeState } from "./fake-state.ts";

/** Harnesses: one that is there, one that is gone, one of the user. */
export function fakeHarnesses(fake: FakeState): App["harnesses"] {
  return {
    async list() {
      fake.note("listHarnesses", undefined);
      return ["claude-code", "codex", "gone"].map((id) => ({
        id,
        displayName: id,
        supported: id !== "gone",
      }));
    },
    async get(id) {
      fake.note("getHarness", id);
      if (id !== "codex") throw new AoError("HARNESS_NOT_FOUND", { harness: id });
      return { id, displayName: "Codex", supported: true, located: { path: "/bin/codex", version: "1" } };
    },
    async check(text, id) {
      fake.note("checkHarness", { text, id });
      const problem = { line: 1, column: 2, field: "id", problem: "is wrong" };
      const isBad = text === "bad";
      return { digest: "d", problems: isBad ? [problem] : [], advice: isBad ? [] : [problem] };
    },
    async trust(id, digest) {
      fake.note("trustHarness", { id, digest });
      if (id !== "mine") throw new AoError("HARNESS_CHANGED", { harness: id, path: "/h/mine.yaml" });
      const file = { id, displayName: "Mine", path: "/h/mine.yaml", digest, problems: [] };
      return { id, displayName: "Mine", supported: true, file: { ...file, trust: "trusted" as const } };
    },
    async distrust(id) {
      fake.note("distrustHarness", id);
    },
    async derive(request) {
      fake.note("derive", request);
      return {
        meaning: "prompt",
        fields: { prompt: "hi" },
        state: "active",
        rule: "R6",
        reason: "a prompt",
      };
    },
    async readScreen(request) {
      fake.note("readScreen", request);
      const { harness, file, screen } = request;
      if (file === "bad") return { problems: [{ line: 1, column: 2, field: "id", problem: "is wrong" }] };
      if (harness !== "codex") throw new AoError("HARNESS_NOT_FOUND", { harness });
      const row = { field: "screen.ready[0]", matches: false, lines: 3, missing: ["^>$"] };
      const reading = { kind: "gate", gate: screen } as const;
      return { explanation: { reading, busy: true, composer: "", rows: [row] }, problems: [] };
    },
  };
}

/** The daemon itself. */
export function fakeDaemon(fake: FakeState): App["daemon"] {
  return {
    async info() {
      fake.note("info", undefined);
      return {
        version: "0.1.0",
        pid: 1,
        startTime: 1000,
        revision: fake.changes.length,
        homePath: "/h",
        socketPath: "/s",
        databasePath: "/d",
        logPath: "/l",
        liveSessions: 1,
        shimConnected: true,
        missedEvents: 2,
        spoolFiles: 3,
        boot: {
          adopted: 4,
          pending: 0,
          deaths: [{ sessionId: "web-9", status: "lost", reason: "the host was rebooted", unasked: true }],
        },
      };
    },
    async check() {
      fake.note("check", undefined);
      return [{ name: "tmux", level: "warning", detail: "old", hint: "update it" }];
    },
    async stop() {
      fake.note("stop", undefined);
      fake.stops++;
    },
  };
}
