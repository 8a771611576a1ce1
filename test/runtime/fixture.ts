import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { SPOOL_NAME } from "../../src/core/launch-manifest.ts";
import type { StartRequest } from "../../src/core/ports/runtime.ts";
import { eventually } from "../support/eventually.ts";

/** The launcher under test. */
export const AO_RUN = resolve(import.meta.dirname, "../../bin/ao-run");

/** A spooled record of the launcher. */
export interface ProcessRecord {
  pid?: number;
  pid_start_ticks?: number;
  exit_code?: number;
  exit_signal?: string;
  reason?: string;
}

let count = 0;

/** A launch of `argv` with directories of its own below `root`. */
export function launchOf(
  root: string,
  argv: readonly string[],
  more: Partial<StartRequest> = {},
): StartRequest {
  const launchId = `l${process.pid}-${++count}`;
  const launchDir = join(root, launchId);
  const [cwd, spoolDir] = [join(root, "work space's"), join(root, "spool")];
  for (const directory of [launchDir, cwd, spoolDir]) mkdirSync(directory, { recursive: true });
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    AO_SESSION_ID: `s-${launchId}`,
    AO_LAUNCH_ID: launchId,
    ...more.env,
  };
  const sessionId = `s-${launchId}`;
  return { sessionId, launchId, launchDir, argv, cwd, spoolDir, harness: "demo", ...more, env };
}

/** Records of a launch and event that are in the spool now. */
export function records(request: StartRequest, event: "started" | "exited"): ProcessRecord[] {
  return readdirSync(request.spoolDir).flatMap((name) => {
    const found = SPOOL_NAME.exec(name)?.groups;
    if (found?.launch !== request.launchId || found?.event !== `ao-process-${event}`) return [];
    return JSON.parse(readFileSync(join(request.spoolDir, name), "utf8")) as ProcessRecord;
  });
}

/** Waits for the one record. */
export function record(request: StartRequest, event: "started" | "exited"): Promise<ProcessRecord> {
  return eventually(() => records(request, event)[0], { what: `record ${event}`, timeoutMs: 20_000 });
}
