import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { ProcessIdentity } from "../../../src/core/ports/runtime.ts";
import { createProcessTable } from "../../../src/runtime/process-table.ts";

/** Processes that do nothing, to stand for agents. */
export interface Sleepers extends AsyncDisposable {
  identities: readonly ProcessIdentity[];
}

/** Starts `count` processes that wait on a pipe of this one, so that they end with it, however it ends. */
export async function startSleepers(count: number): Promise<Sleepers> {
  const processes = createProcessTable();
  const children = Array.from({ length: count }, () =>
    spawn("cat", [], { stdio: ["pipe", "ignore", "ignore"] }),
  );
  const identities = await Promise.all(children.map((child) => identify(processes, child)));
  return {
    identities,
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(end));
    },
  };
}

async function identify(
  processes: ReturnType<typeof createProcessTable>,
  child: ChildProcess,
): Promise<ProcessIdentity> {
  if (child.pid === undefined) await once(child, "spawn");
  const identity = await processes.identify(child.pid as number);
  if (!identity) throw new Error(`process ${child.pid} ended at once`);
  return identity;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
