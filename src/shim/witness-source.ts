import type { LaunchManifest } from "../core/launch-manifest.ts";
import type { Signal } from "../core/signal.ts";

/** A launch as its second witness knows it. */
export interface WitnessedLaunch extends LaunchManifest {
  /** The agent's own pid, once the launcher has told it. */
  pid?: number;
  /** Kernel start time of `pid`, clock ticks since boot; absent on systems without /proc. */
  pidStartTicks?: number;
}

/**
 * Reads what an agent writes about itself, beside its hooks (design R8).
 *
 * One source serves all launches of its harness. It emits signals of kind `witness` whose event is their meaning.
 */
export interface WitnessSource {
  /**
   * Begins to watch a launch; the returned function ends it, and nothing is emitted after that.
   *
   * Call it once a launch, whatever of it exists already: the process need not run, no file need be there.
   */
  start(launch: WitnessedLaunch, emit: (signal: Signal) => void): () => void;
  /**
   * Takes note of a signal that passes on its way to the daemon: the agent's pid from `ao-process-started`, the
   * transcript's path and the conversation's id from hooks. Signals of launches that are not watched are ignored.
   */
  hint?(signal: Signal): void;
}
