import * as assert from "uvu/assert";
import type { Harness } from "../../src/core/ports/harnesses.ts";
import type { HarnessTraits } from "../../src/core/reduce-types.ts";
import { reduce } from "../../src/core/reducer/reduce.ts";
import type { Facts } from "../../src/core/session.ts";
import { factsBefore, replayTrace } from "../score/replay-trace.ts";
import { type Score, score } from "../score/score.ts";
import { harnessFor, type Told, tellAll } from "../score/tell-trace.ts";
import { watchScreens } from "../score/watch-screens.ts";
import { runOf } from "../score/ways.ts";
import { suite } from "../support/suite.ts";
import { loadTraces, recordedAgents, type TraceCase } from "../support/trace-file.ts";

/** What a set of recordings must reach, and every stretch known to be wrong, so that any change shows. */
interface Expectation {
  build: string;
  witness: boolean;
  timeRight: number;
  falseNeeds: number;
  /** `scenario: true state, shown state, from ms`. */
  wrong: string[];
}

const CODEX_WRONG = [
  // An API error ends the turn, and Esc at a subagent's dialog that: no hook fires, the rollouts tell.
  "interactive-ao-bare: active, needs, 21586",
  "interactive-ao-errors: idle, active, 3675",
  // Says nothing when a request is approved: the screen shows it.
  "interactive-ao-permission: active, needs, 4469",
  // Its tool that asks fails outside of plan mode: only the rollout has its end.
  "interactive-ao-plan-question: needs, active, 37303",
  "interactive-ao-plan-question: needs, active, 75409",
  "interactive-ao-resumed: active, needs, 5620",
  "interactive-ao-shell-mode: active, idle, 10590",
  "interactive-ao-stopped-at-work: active, needs, 4779",
  "interactive-ao-subagent-denied: idle, needs, 5534",
  // So it does a turn that ends by a usage limit.
  "interactive-ao-usage-limit: needs, active, 39975",
  // Says nothing before its first prompt; ao's look at the screen is not in the recording.
  "interactive-daemon (session A in the daemon): idle, not_started, 0",
  // An API error ends the turn and no hook fires; its transcript, the second witness, is not in the recording.
  "interactive-main: idle, active, 71284",
];

const EXPECTED: Expectation[] = [
  {
    build: "claude 2.1.330",
    witness: false,
    timeRight: 0.8,
    falseNeeds: 0.075,
    wrong: [
      // Esc in a model's wait and in mid-stream; an approval, until the tool has ended; a denial; a question left.
      // A person's own shell command: no hook fires.
      "interactive-ao-bare: active, needs, 21400",
      "interactive-ao-bash-mode: active, idle, 16021",
      "interactive-ao-compact-stopped: idle, active, 17171",
      "interactive-ao-denied-and-told: idle, active, 8489",
      "interactive-ao-denied-and-told: active, needs, 13595",
      "interactive-ao-interrupt: idle, active, 5293",
      "interactive-ao-interrupt: idle, active, 17615",
      "interactive-ao-narrow: idle, needs, 19849",
      "interactive-ao-parallel-tools: active, needs, 9098",
      "interactive-ao-permission: active, needs, 9736",
      "interactive-ao-permission: idle, needs, 31634",
      "interactive-ao-plan: idle, needs, 55971",
      "interactive-ao-question: idle, needs, 23516",
      "interactive-ao-queued-and-stopped: idle, active, 11001",
      "interactive-ao-queued: active, idle, 1056",
      "interactive-ao-resumed: active, needs, 13225",
      "interactive-ao-stopped-at-once: idle, active, 7644",
      "interactive-ao-stopped-at-work: active, needs, 8987",
      "interactive-ao-stopped-at-work: idle, needs, 12492",
      "interactive-ao-two-dialogs: active, needs, 9359",
      // Esc in a model's wait, in mid-stream, in mid-tool, in a retry: no hook fires.
      "interactive-ao-updated: active, needs, 8253",
      "interactive-interrupt-idle: idle, active, 4935",
      "interactive-interrupt-idle: idle, active, 11696",
      "interactive-interrupt-tool: idle, active, 5155",
      "interactive-interrupt-tool: idle, active, 101207",
      // A denial, by Esc and by "No": no hook fires.
      "interactive-permission: idle, needs, 18002",
      "interactive-permission: idle, needs, 23640",
    ],
  },
  // Its status file was read seconds after each change only; live it speaks within 50 ms.
  { build: "claude 2.1.330", witness: true, timeRight: 0.955, falseNeeds: 0.017, wrong: [] },
  { build: "claude 2.1.197", witness: true, timeRight: 0.99, falseNeeds: 0, wrong: [] },
  { build: "codex 0.169.0", witness: false, timeRight: 0.93, falseNeeds: 0.045, wrong: CODEX_WRONG },
  {
    build: "opencode 1.18.33",
    witness: false,
    timeRight: 0.998,
    falseNeeds: 0,
    wrong: [],
  },
];

/** Stretches that are wrong, and would be right with the hooks that end turns; gemini and opencode have no other word of that. */
const WITHOUT_STOP: Readonly<Record<string, readonly string[]>> = {
  "claude 2.1.330": [
    // Its status file says "busy" while a subagent works, too.
    "interactive-ao-subagent: idle, active, 7516",
    "interactive-ao-subagent: idle, active, 13060",
  ],
  "codex 0.169.0": [],
  "copilot 1.0.102": [],
  "qwen 0.24.4": [],
};

suite("recordings of real agents", ({ test, before }) => {
  const all = new Map<string, readonly Told[]>();
  before(async () => {
    // Each recording goes through the shim once.
    const known = loadTraces().filter(({ agent }) => harnessFor(agent));
    for (const [trace, signals] of await tellAll(known)) all.set(trace.name, signals);
  });
  const told: Tell = async ({ name }) => all.get(name) ?? [];

  for (const expected of EXPECTED) {
    const { build, witness } = expected;
    test(`${build}, ${witness ? "hooks and witness" : "hooks alone"}`, async () => {
      const result = await scoreBuild(build, witness, told);
      assert.equal(result.wrong.map(shortName), expected.wrong);
      assert.is(result.stretches - result.right, expected.wrong.length);
      const missed = result.wrong.filter(({ state }) => state === "needs");
      assert.is(result.needsRight, result.needs - missed.length);
      assert.is(result.exitsRight, result.exits);
      assert.ok(result.timeRight >= expected.timeRight, `time right ${result.timeRight}`);
      assert.ok(result.falseNeeds <= expected.falseNeeds, `false needs ${result.falseNeeds}`);
    });
  }

  for (const [build, wrong] of Object.entries(WITHOUT_STOP)) {
    test(`${build}: a lost Stop is made good by what else tells of the turn's end`, async () => {
      const traces = loadTraces().filter((one) => one.build === build && one.name.includes("interactive-ao"));
      const [whole, lost] = await Promise.all([
        scoreOf(traces, async (trace) => watchScreens(trace, await told(trace))),
        scoreOf(traces, async (trace) => {
          const kept = (await told(trace)).filter((one) => one.signal.kind !== "hook" || !isTurnEnd(one));
          return watchScreens(trace, kept);
        }),
      ]);
      const known = whole.wrong.map(shortName);
      assert.equal(
        lost.wrong.map(shortName).filter((one) => !known.includes(one)),
        wrong,
      );
    });
  }

  for (const agent of recordedAgents().filter((one) => harnessFor(one))) {
    test(`${agent}: the root's conversations, in order`, async () => {
      for (const trace of loadTraces(agent).filter(isToldConversations)) {
        const { facts } = replayTrace(trace, await told(trace), traitsOf(trace));
        assert.equal(facts.nativeSessionIds, trace.nativeIds, trace.name);
        if (agent !== "claude" && agent !== "codex") continue;
        // What a restore looks into: each conversation's own file, and no subagent's.
        const files = Object.entries(facts.transcripts ?? {});
        assert.equal(files.map(([id]) => id).sort(), [...(trace.nativeIds ?? [])].sort(), trace.name);
        for (const [id, path] of files) assert.match(path, id);
      }
    });

    test(`${agent}: whatever comes within a second may come in any order`, async () => {
      for (const trace of loadTraces(agent)) {
        for (const windowMs of [50, 200, 1000]) await compareOrders(trace, windowMs, told);
      }
    });
  }

  test("a usage limit is told with the time it ends, and is over when the agent goes on by itself", async () => {
    const limits = loadTraces().filter(({ name }) => name.endsWith("interactive-ao-usage-limit"));
    assert.equal(limits.map(({ agent }) => agent).sort(), ["claude", "codex"]);
    for (const trace of limits) {
      const ends = endsOfLimits(trace, await told(trace));
      const resets = trace.lines.flatMap(({ payload }) => resetIn(String(payload.note)) ?? []);
      assert.is(ends.length, resets.length, trace.name);
      // Agents name a minute.
      for (const [index, reset] of resets.entries())
        assert.ok(Math.abs((ends[index] ?? 0) - reset) <= 60_000, `${ends} for ${resets}`);
    }
  });

  test("claude: a subagent runs on in the background while the root is idle", async () => {
    const [trace] = loadTraces("claude").filter((one) => one.name.includes("subagent-ask"));
    const hooks = (await told(trace as TraceCase)).filter(({ signal }) => signal.kind !== "witness");
    const { shown } = replayTrace(trace as TraceCase, hooks, traitsOf(trace as TraceCase));
    const counted = (at: number) => shown.findLast((step) => step.at <= at)?.backgroundTasks;
    assert.equal([2900, 11_300, 11_310, 15_000].map(counted), [1, 1, 0, 0]);
  });
});

/** When each limit that a recording's agent waited for ended, as ao showed it; epoch ms. */
function endsOfLimits(trace: TraceCase, told: readonly Told[]): (number | undefined)[] {
  const traits = traitsOf(trace);
  const limits = new Map<string, number | undefined>();
  let facts = factsBefore(trace);
  for (const { now, ...one } of told) {
    facts = reduce(facts, one, now, traits).facts;
    for (const { kind, requestId, until } of facts.requests)
      if (kind === "limit") limits.set(requestId, until);
  }
  return [...limits.values()];
}

/** What the service was made to say of a limit's end, in the script that was typed; epoch ms. */
function resetIn(note: string): number | undefined {
  const seconds = /"(?:anthropic-ratelimit-unified-reset|resets_at)":(\d+)/.exec(note)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** One recording holds two agents that ran at the same time. */
function isToldConversations({ name, nativeIds }: TraceCase): boolean {
  return nativeIds !== undefined && !name.endsWith("sem-parallel");
}

type Tell = (trace: TraceCase) => Promise<readonly Told[]>;

/** Witnesses are the agent's own files and its screen. */
function scoreBuild(build: string, witness: boolean, told: Tell): Promise<Score> {
  const traces = loadTraces().filter((one) => one.build === build);
  if (witness) return scoreOf(traces, async (trace) => watchScreens(trace, await told(trace)));
  return scoreOf(traces, async (trace) =>
    (await told(trace)).filter(({ signal }) => signal.kind !== "witness"),
  );
}

async function scoreOf(traces: readonly TraceCase[], told: Tell): Promise<Score> {
  const runs = [];
  for (const trace of traces) runs.push(runOf("ao", trace, await told(trace), harnessOf(trace).traits));
  return score(runs);
}

function isTurnEnd({ meaning }: Told): boolean {
  return meaning === "turn_end" || meaning === "turn_interrupted";
}

function harnessOf({ agent }: TraceCase): Harness {
  const harness = harnessFor(agent);
  if (!harness) throw new Error(`no harness speaks for "${agent}"`);
  return harness;
}

function traitsOf(trace: TraceCase): HarnessTraits {
  return harnessOf(trace).traits;
}

function shortName({ trace, state, shown, from }: Score["wrong"][number]): string {
  return `${trace.replace(/^[^/]*\//, "")}: ${state}, ${shown}, ${Math.round(from)}`;
}

/**
 * Delivers each window's signals forwards and backwards: after each window both must show the same. What the daemon saw
 * on screens it saw after all that came before.
 */
async function compareOrders(trace: TraceCase, windowMs: number, told: Tell): Promise<void> {
  const traits = traitsOf(trace);
  let forwards = factsBefore(trace);
  let backwards = forwards;
  for (const window of windowsOf(await told(trace), windowMs)) {
    const now = Math.max(...window.map(({ signal }) => signal.observedTime));
    for (const one of window) forwards = reduce(forwards, one, now, traits).facts;
    for (const one of window.toReversed()) backwards = reduce(backwards, one, now, traits).facts;
    assert.equal(gist(backwards), gist(forwards), `${trace.name} at ${now - trace.startNs / 1e6}`);
  }
}

function windowsOf(all: readonly Told[], windowMs: number): Told[][] {
  return [...Map.groupBy(all, ({ signal }) => Math.floor(signal.observedTime / windowMs)).values()];
}

function gist(facts: Facts) {
  const { activity, requests, backgroundTasks, nativeSessionIds, process } = facts;
  const asked = requests.map(({ kind, tool, agentId }) => [kind, tool, agentId]);
  return [process.state, activity.state, asked, backgroundTasks, nativeSessionIds.at(-1)];
}
