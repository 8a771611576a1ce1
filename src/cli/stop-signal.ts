/** A signal that aborts when somebody wants this program to end; `dispose` takes the listeners away again. */
export interface StopSignal {
  signal: AbortSignal;
  /** Name of what came; undefined until then. */
  received(): NodeJS.Signals | undefined;
  dispose(): void;
}

const STOPPING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Turns SIGINT, SIGTERM and SIGHUP into an abort, so that a command ends in order and cleans up. */
export function stopSignal(process: NodeJS.Process): StopSignal {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const stop = (name: NodeJS.Signals) => {
    received ??= name;
    controller.abort();
  };
  for (const name of STOPPING) process.on(name, stop);
  return {
    signal: controller.signal,
    received: () => received,
    dispose: () => {
      for (const name of STOPPING) process.off(name, stop);
    },
  };
}
