import type { Harnesses } from "../core/ports/harnesses.ts";
import type { Signal, SignalFields } from "../core/signal.ts";
import type { Log } from "../util/log.ts";
import type { LaunchManifests } from "./launch-manifests.ts";
import type { OomKills } from "./oom-kills.ts";
import { isProcessEvent, readProcessRecord } from "./process-record.ts";
import type { SpooledPayload } from "./spool.ts";
import { observedTime, signalId } from "./spool-file.ts";

/** Makes a signal of a spooled payload; `seq` is the uplink's to give. */
export type SignalReader = (payload: SpooledPayload) => Signal;

/**
 * Creates the reader. The payload goes no further than here: a signal carries only what the launch's harness keeps.
 *
 * A launch without a manifest, or of a harness this ao does not know, gets a signal with the name's facts alone, so that
 * the daemon can say what becomes of it.
 */
export function createSignalReader(deps: {
  manifests: LaunchManifests;
  harnesses: Harnesses;
  log: Log;
  oomKills: OomKills;
}): SignalReader {
  const keep = (harnessId: string, payload: SpooledPayload): SignalFields => {
    const { event } = payload.file;
    if (isProcessEvent(event)) return withCause(readProcessRecord(payload.text), observedTime(payload.file));
    try {
      return deps.harnesses.find(harnessId)?.extract(event, payload.text) ?? {};
    } catch (error) {
      // `extract` promises not to throw; a payload that proves it wrong must still not stop the spool.
      deps.log.error(
        { err: error, file: payload.file.name },
        "a payload could not be read; sending its name alone",
      );
      return { partial: true };
    }
  };
  /** The launcher sees the signal alone; who sent it, the kernel tells. */
  const withCause = (fields: SignalFields, time: number): SignalFields => {
    const { pid, exitSignal, reason } = fields;
    if (exitSignal !== "SIGKILL" || pid === undefined || reason !== undefined) return fields;
    return deps.oomKills.has(pid, time) ? { ...fields, reason: "out_of_memory" } : fields;
  };
  return (payload) => {
    const { file } = payload;
    const harness = deps.manifests.find(file.launchId)?.harness ?? "";
    return {
      id: signalId(file),
      launchId: file.launchId,
      seq: 0,
      observedTime: observedTime(file),
      kind: isProcessEvent(file.event) ? "process" : "hook",
      harness,
      event: file.event,
      fields: keep(harness, payload),
    };
  };
}
