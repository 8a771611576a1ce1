import type * as pb from "../../gen/ao/v1/daemon_service.ts";
import type { App } from "../lifecycle/api.ts";
import { checkToProto, daemonToProto } from "../wire/daemon.ts";
import type { CallExtras } from "./guard.ts";

/** Handlers of DaemonService. */
export function createDaemonService({
  daemon,
}: Pick<App, "daemon">): pb.DaemonServiceImplementation<CallExtras> {
  return {
    getDaemon: async () => ({ daemon: daemonToProto(await daemon.info(), Date.now()) }),
    checkDaemon: async () => ({ checks: (await daemon.check()).map(checkToProto) }),
    stopDaemon: async () => {
      await daemon.stop();
      return {};
    },
  };
}
