import { execFile } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Benchmark, Scale } from "../measurement.ts";
import { type BenchHome, createBenchHome, ROOT } from "../rig/bench-home.ts";
import { seedSessions } from "../rig/live-sessions.ts";
import { startSleepers } from "../rig/sleepers.ts";
import { timeProcesses } from "../rig/time-processes.ts";
import { summarize } from "../samples.ts";

const run = promisify(execFile);
const ROUNDS: Record<Scale, number> = { full: 60, quick: 20, smoke: 2 };
const SESSIONS: Record<Scale, number> = { full: 100, quick: 100, smoke: 4 };
const AO = join(ROOT, "bin/ao");
const LIST = ["session", "ls", "--json"];

/** Times `ao session ls --json` as a person's shell does, beside the start of Node alone. */
export const list: Benchmark = async (scale) => {
  await using sleepers = await startSleepers(SESSIONS[scale]);
  await using home = createBenchHome();
  await seedSessions(
    home,
    sleepers.identities.map((agent, index) => ({ number: index + 1, harness: "demo", agent })),
  );
  await home.start();
  if (scale !== "smoke" && (await program(home)) === "sources") await build();
  const before = await program(home);
  await expectSessions(home, SESSIONS[scale]);
  const { times, method } = await timeProcesses({
    rounds: ROUNDS[scale],
    programs: [
      [AO, ...LIST],
      [process.execPath, "-e", "0"],
    ],
    env: home.env,
  });
  const after = await program(home);
  const [subject, floor] = times.map(summarize) as [
    ReturnType<typeof summarize>,
    ReturnType<typeof summarize>,
  ];
  const ran = before === after ? before : `${before}, later ${after}`;
  const note = `ran from ${ran}; ${method}`;
  return { "list-command": { value: subject.p50, floor: floor.p50, note, details: { subject, floor } } };
};

/** What `bin/ao` would start now: it is given a Node that only says what it was asked to run. */
async function program(home: BenchHome): Promise<"the bundle" | "sources"> {
  const spy = join(home.paths.home, "say-program");
  writeFileSync(spy, '#!/bin/sh\ncase $1 in --version) echo v24.0.0 ;; *) echo "$*" ;; esac\n');
  chmodSync(spy, 0o700);
  const { stdout } = await run(AO, LIST, { env: { ...home.env, AO_NODE: spy } });
  return stdout.includes("/bin/.build/") ? "the bundle" : "sources";
}

async function build(): Promise<void> {
  await run(process.execPath, [join(ROOT, "bin/build.mjs")]);
}

/** What is timed must be the real answer. */
async function expectSessions(home: BenchHome, count: number): Promise<void> {
  const { stdout } = await run(AO, LIST, { env: home.env });
  const { sessions } = JSON.parse(stdout) as { sessions: unknown[] };
  if (sessions.length !== count) throw new Error(`ao listed ${sessions.length} of ${count} sessions`);
}
