import type { Runtime } from "../core/ports/runtime.ts";
import type { Launch, RuntimeKind, Session } from "../core/session.ts";
import type { LifecycleDeps, LifecyclePaths } from "./deps.ts";

/** The row of a launch about to start. */
export async function newLaunch(
  deps: Pick<LifecycleDeps, "processes" | "clock" | "runtimes" | "paths">,
  session: Session,
  launch: { number: number; tokenDigest: string },
): Promise<Launch> {
  return {
    id: session.facts.launchId,
    sessionId: session.id,
    number: launch.number,
    bootId: await deps.processes.bootId(),
    runtimeHandle: handleOf(deps, session),
    createTime: deps.clock.now(),
    tokenDigest: launch.tokenDigest,
  };
}

/** The runtime's handle of the session's current launch. */
export function handleOf(
  deps: {
    runtimes: Readonly<Record<RuntimeKind, Pick<Runtime, "handleFor">>>;
    paths: Pick<LifecyclePaths, "sessionsDir">;
  },
  session: Session,
): string {
  const { launchId } = session.facts;
  return deps.runtimes[session.runtime].handleFor({
    sessionId: session.id,
    launchId,
    launchDir: `${deps.paths.sessionsDir}/${session.id}/${launchId}`,
  });
}
