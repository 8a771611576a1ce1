import type { TrueState } from "../../support/trace-file.ts";
import type { Stage } from "./script.ts";

/** A command of a few seconds. */
export const SLEEP = "node -e 'setTimeout(()=>{},4000)'";
/** A command that outlasts any script. */
export const LONG_SLEEP = "node -e 'setTimeout(()=>{},60000)'";

/** Waits for a state and lets time pass in it. */
export async function see(stage: Stage, state: TrueState, ms: number): Promise<void> {
  await stage.until(state);
  await stage.stay(ms);
}

/** Sees a turn from its work to its end, and the time after it. */
export async function seeTurn(stage: Stage, restMs = 1500): Promise<void> {
  await stage.until("active");
  await see(stage, "idle", restMs);
}

/** Types the line of a turn that ends by itself, and sees it. */
export async function takeTurn(stage: Stage, line: string, restMs?: number): Promise<void> {
  await stage.type(line);
  await seeTurn(stage, restMs);
}

/** Stops the turn that works, and sees that it rests. */
export async function stopTurn(stage: Stage, { workMs = 2500, restMs = 2000 } = {}): Promise<void> {
  await see(stage, "active", workMs);
  await stage.stop();
  await see(stage, "idle", restMs);
}

/** Sees a dialog and approves; nothing where the agent asks nobody. */
export async function approveDialog(stage: Stage, ms: number): Promise<void> {
  if (!stage.asks) return;
  await see(stage, "blocked", ms);
  await stage.approve();
}

/** Sees a dialog and leaves it, which ends the turn. */
export async function leaveDialog(stage: Stage, ms: number): Promise<void> {
  await see(stage, "blocked", ms);
  await stage.leave();
  await see(stage, "idle", 2000);
}

/** Sees a dialog for a permission and denies, which ends the turn. */
export async function denyDialog(stage: Stage, ms: number): Promise<void> {
  await see(stage, "blocked", ms);
  await stage.deny();
  await see(stage, "idle", 2000);
}

/** Sees a state and ends the agent in it. */
export async function killIn(
  stage: Stage,
  { state, ms, signal }: { state: TrueState; ms: number; signal: NodeJS.Signals },
): Promise<void> {
  await see(stage, state, ms);
  stage.kill(signal);
  await stage.until("exited");
}
