import { copyFile, mkdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Trace } from "../../core/replay/trace.ts";
import { callerEnvironment } from "../caller-environment.ts";
import type { AoClient, HarnessInfo } from "../client-types.ts";
import { recordSession } from "../record-session.ts";
import { type Scratch, withScratch } from "../scratch/with-scratch.ts";
import type { Prompts } from "./prompts.ts";
import { runConformance, type StepResult } from "./run-conformance.ts";

/** What a test of a harness gave. */
export interface HarnessTestResult {
  /** As the scratch daemon found it, with the version of the program that ran. */
  harness: HarnessInfo;
  results: StepResult[];
  trace: Trace;
}

/** Runs the kit in a scratch place, and records the session before that is taken away. */
export function runHarnessTest(test: {
  harness: HarnessInfo;
  binary: string | undefined;
  /** The user's own; undefined: a scratch one. */
  repository: string | undefined;
  prompts: Prompts;
  timeoutMs: number;
  env: Readonly<Record<string, string | undefined>>;
  cwd: () => string;
  daemonMain: string;
  /** Version of ao. */
  version: string;
  onStep: (text: string) => void;
  signal: AbortSignal;
}): Promise<HarnessTestResult> {
  const { prompts, timeoutMs, daemonMain, onStep, signal } = test;
  const env = withBinary(test);
  const place = { env, name: "ao-test", usersHome: true, daemonMain, onStep, signal };
  return withScratch(place, async (scratch) => {
    const { client, home } = scratch;
    await trustThere(scratch, test.harness);
    const harness = await client.harnesses.get(test.harness.id);
    const { sessionId, results } = await runConformance({
      client,
      harness,
      repository: test.repository === undefined ? home.repository : resolve(test.cwd(), test.repository),
      env: callerEnvironment(home.env),
      prompts,
      timeoutMs,
      onStep: ({ step, verdict }) => onStep(`${step}: ${verdict}`),
      tell: onStep,
      signal,
    });
    const trace = await record(client, sessionId, test);
    return {
      harness: await withVersion(client, harness),
      results: await withLog(results, home.paths.daemonLogPath),
      trace,
    };
  });
}

/** On a busy machine a program may take too long to tell its version the first time it runs. */
function withVersion(client: AoClient, harness: HarnessInfo): Promise<HarnessInfo> | HarnessInfo {
  return harness.version === "" ? client.harnesses.get(harness.id) : harness;
}

/** A bug of ao's own names a line of the log, which goes with the scratch place. */
async function withLog(results: readonly StepResult[], path: string): Promise<StepResult[]> {
  const ids = results.map(({ detail }) => /internal error (\w+)/.exec(detail)?.[1]);
  if (ids.every((id) => id === undefined)) return [...results];
  const lines = (await readFile(path, "utf8")).split("\n");
  return results.map((result, index) => {
    const id = ids[index];
    const log = id === undefined ? [] : lines.filter((line) => line.includes(id));
    return log.length > 0 && result.found ? { ...result, found: { ...result.found, log } } : result;
  });
}

function withBinary({ harness, binary, env, cwd }: Parameters<typeof runHarnessTest>[0]) {
  if (binary === undefined) return env;
  return { ...env, [`AO_${harness.id.toUpperCase().replaceAll("-", "_")}_BIN`]: resolve(cwd(), binary) };
}

/** The user trusts the file already; the scratch daemon has a home of its own. */
async function trustThere(
  { client, home }: Scratch,
  { id, filePath, fileDigest }: HarnessInfo,
): Promise<void> {
  if (filePath === "") return;
  const { harnessesDir } = home.paths;
  await mkdir(harnessesDir, { recursive: true, mode: 0o700 });
  await copyFile(filePath, join(harnessesDir, basename(filePath)));
  await client.harnesses.trust({ harnessId: id, fileDigest });
}

function record(
  client: AoClient,
  sessionId: string,
  { env, version }: Parameters<typeof runHarnessTest>[0],
): Promise<Trace> {
  return recordSession(client, { sessionId, version, home: env.HOME ?? "", withText: false });
}
