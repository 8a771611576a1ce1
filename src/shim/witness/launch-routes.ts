import type { Signal } from "../../core/signal.ts";
import type { WitnessedLaunch, WitnessSource } from "../witness-source.ts";

/** The witness of one launch. */
export interface LaunchWitness {
  hint(signal: Signal): void;
  stop(): void;
}

/** Makes a source of a way to witness one launch: routes hints by launch, silences a witness that was stopped. */
export function createLaunchRoutes(
  open: (launch: WitnessedLaunch, emit: (signal: Signal) => void) => LaunchWitness | undefined,
): WitnessSource {
  const witnesses = new Map<string, LaunchWitness>();
  return {
    start(launch, emit) {
      witnesses.get(launch.launchId)?.stop();
      let stopped = false;
      const witness = open(launch, (signal) => {
        if (!stopped) emit(signal);
      });
      if (!witness) return () => {};
      witnesses.set(launch.launchId, witness);
      return () => {
        stopped = true;
        witness.stop();
        if (witnesses.get(launch.launchId) === witness) witnesses.delete(launch.launchId);
      };
    },
    hint(signal) {
      witnesses.get(signal.launchId)?.hint(signal);
    },
  };
}
