import { join } from "node:path";
import { eventually } from "../../support/eventually.ts";
import type { Benchmark, Measurement, Scale } from "../measurement.ts";
import { type BenchHome, createBenchHome, ROOT } from "../rig/bench-home.ts";
import { seedSessions } from "../rig/live-sessions.ts";
import { startSleepers } from "../rig/sleepers.ts";
import { timeProcesses } from "../rig/time-processes.ts";
import { summarize } from "../samples.ts";

const ROUNDS: Record<Scale, number> = { full: 400, quick: 100, smoke: 3 };
const SESSIONS: Record<Scale, number> = { full: 100, quick: 100, smoke: 2 };
const PAYLOAD_BYTES = 2048;

/** Times a whole hook process, as an agent waits for it, beside the cheapest process a shell script can be. */
export const hook: Benchmark = async (scale) => {
  await using sleepers = await startSleepers(SESSIONS[scale]);
  await using home = createBenchHome();
  const [seeded] = await seedSessions(
    home,
    sleepers.identities.map((agent, index) => ({
      number: index + 1,
      harness: "claude-code",
      agent,
      activity: "active",
    })),
  );
  const launchId = seeded?.launch.id ?? "";
  const daemon = await home.start();
  const up = await time(home, launchId, ROUNDS[scale]);
  const drained = async () => (await daemon.client.daemon.get()).spoolFiles === 0;
  await eventually(drained, { timeoutMs: 60_000, what: "an empty spool" });
  await daemon.stop();
  const dead = await time(home, launchId, ROUNDS[scale]);
  return { "hook-daemon-up": up, "hook-daemon-dead": dead };
};

async function time(home: BenchHome, launchId: string, rounds: number): Promise<Measurement> {
  const { times, method } = await timeProcesses({
    rounds,
    programs: [
      [join(ROOT, "bin/ao-hook"), "claude-code", "PreToolUse"],
      ["sh", "-c", "true"],
    ],
    input: payload(),
    env: { ...home.env, AO_SPOOL: home.paths.spoolDir, AO_LAUNCH_ID: launchId },
  });
  const [subject, floor] = times.map(summarize) as [
    ReturnType<typeof summarize>,
    ReturnType<typeof summarize>,
  ];
  return { value: subject.p50, floor: floor.p50, note: method, details: { subject, floor } };
}

/** A PreToolUse as Claude Code sends it, filled up to 2 kB by its tool's input. */
function payload(): string {
  const of = (command: string) =>
    JSON.stringify({
      session_id: "0b6c1f0e-4c58-4a63-9a3b-3f3ffb1f6d11",
      transcript_path: "/home/dev/.claude/projects/-shop/0b6c1f0e.jsonl",
      cwd: "/home/dev/shop",
      permission_mode: "default",
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_input: { command, description: "Runs the tests" },
      tool_use_id: "toolu_01A09q90qw90lq917835lq9",
    });
  return of("x".repeat(PAYLOAD_BYTES - of("").length));
}
