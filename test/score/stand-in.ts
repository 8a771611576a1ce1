import { spawn } from "node:child_process";

/** A child of this process that does nothing: it stands for one of an agent's, which a witness looks for. */
export interface StandIn extends Disposable {
  pid: number;
}

/** Starts it; it ends by itself after ten minutes. */
export function startStandIn(): StandIn {
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  if (child.pid === undefined) throw new Error("`sleep` could not be started");
  child.unref();
  return { pid: child.pid, [Symbol.dispose]: () => void child.kill("SIGKILL") };
}
