import type { DaemonControl } from "../lifecycle/api.ts";
import type { LifecycleDeps } from "../lifecycle/deps.ts";
import type { BootReconciliation } from "../lifecycle/looks/boot-report.ts";
import type { Reaper } from "../lifecycle/looks/reaper.ts";
import type { SpoolProbe } from "../lifecycle/looks/spool-probe.ts";
import type { Paths } from "../util/paths.ts";
import { type DoctorDeps, examine } from "./doctor.ts";
import type { Install } from "./install.ts";
import type { ShimSupervisor } from "./shim-supervisor.ts";

/** What the daemon tells of itself, how it examines its host, and its stop. */
export function createDaemonControl(
  deps: LifecycleDeps,
  parts: {
    paths: Paths;
    install: Install;
    /** Epoch ms. */
    startTime: number;
    boot: BootReconciliation;
    reaper: Reaper;
    shim: ShimSupervisor;
    shimPid: DoctorDeps["shimPid"];
    spool: SpoolProbe;
    tls: DoctorDeps["tls"];
    onStopRequested: () => void;
  },
): DaemonControl {
  const { book } = deps;
  const { paths, install, startTime, boot, reaper, shim, shimPid, spool, tls } = parts;
  return {
    info: async () => ({
      version: install.version,
      pid: process.pid,
      startTime,
      revision: book.revisions().head,
      homePath: paths.home,
      socketPath: paths.socketPath,
      databasePath: paths.databasePath,
      logPath: paths.daemonLogPath,
      liveSessions: book.live().filter((session) => session.facts.process.state !== "lost").length,
      shimConnected: shim.connected(),
      missedEvents: reaper.missedEvents(),
      spoolFiles: (await spool.inspect()).waiting,
      boot: await boot.report(),
    }),
    check: () =>
      examine({
        ...deps,
        paths,
        env: deps.daemonEnv,
        hookCommand: install.hookCommand,
        shimConnected: shim.connected,
        shimPid,
        inspectSpool: spool.inspect,
        tls,
      }),
    async stop() {
      parts.onStopRequested();
    },
  };
}
