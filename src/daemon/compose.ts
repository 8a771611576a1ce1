import { readFile } from "node:fs/promises";
import { refuseLongSocketPath } from "../core/socket-path.ts";
import type { App } from "../lifecycle/api.ts";
import { createBurials } from "../lifecycle/end/burials.ts";
import { createSalvages } from "../lifecycle/end/salvages.ts";
import { createUndertaker } from "../lifecycle/end/undertaker.ts";
import { createHarnessCatalog } from "../lifecycle/harness-catalog.ts";
import { createBootReconciliation } from "../lifecycle/looks/boot-report.ts";
import { createDialogWatch } from "../lifecycle/looks/dialog-watch.ts";
import { followMovedHome } from "../lifecycle/looks/moved-home.ts";
import { createReaper } from "../lifecycle/looks/reaper.ts";
import { createScreenWatch } from "../lifecycle/looks/screen-watch.ts";
import { createScreenWitness } from "../lifecycle/looks/screen-witness.ts";
import { createSpoolProbe } from "../lifecycle/looks/spool-probe.ts";
import { createTurnWatch } from "../lifecycle/looks/turn-watch.ts";
import { createManager } from "../lifecycle/manager.ts";
import { createOutbox } from "../lifecycle/outbox/outbox.ts";
import { createProjects } from "../lifecycle/projects.ts";
import { createAbandonedStarts } from "../lifecycle/start/abandoned-starts.ts";
import { createLaunchFiles } from "../lifecycle/start/launch-files.ts";
import { createServer } from "../server/server.ts";
import { formatAddress } from "../util/address.ts";
import type { FailPoint } from "../util/fail-point.ts";
import type { Log } from "../util/log.ts";
import { type Paths, SOCKET_PATH_LIMIT } from "../util/paths.ts";
import { createAuthenticate } from "./authenticate.ts";
import { createDaemonControl } from "./daemon-control.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { findInstall } from "./install.ts";
import { readListenConfig } from "./listen-config.ts";
import { openDeps } from "./open-deps.ts";
import { operatorToken } from "./operator-token.ts";
import { createShimSupervisor } from "./shim-supervisor.ts";
import { readTlsFiles } from "./tls-files.ts";

/** A running daemon. */
export interface Daemon {
  /**
   * Stops taking calls, ends streams, commits what is queued, closes the database; at most about 2 s. With `saveTo` a copy
   * of the database is written there before it is closed.
   */
  stop(options?: { saveTo: string }): Promise<void>;
}

export interface DaemonOptions {
  paths: Paths;
  env: Readonly<Record<string, string>>;
  log: Log;
  failPoint: FailPoint;
  /** Program of the shim. */
  shimMain: string;
  /** The user's umask, which agents and worktrees get. */
  umask: number;
  /** Pid of the process that holds the shim's lock. */
  shimPid: () => Promise<number | undefined>;
  /** Called when a client asked the daemon to stop. */
  onStopRequested: () => void;
}

/** Young garbage is collected sooner: about 10 MB less resident (measured after 5000 signals). */
const SMALL_HEAP = ["--max-semi-space-size=2"];

/** The one place where everything is wired, by plain calls. The caller holds the daemon's lock. */
export async function createDaemon(options: DaemonOptions): Promise<Daemon> {
  const { paths, env, log, failPoint } = options;
  refuseLongSocketPath(paths.socketPath, SOCKET_PATH_LIMIT);
  const startTime = Date.now();
  const install = findInstall();
  const listen = await readListenConfig(paths.home, env);
  const token = await operatorToken(paths.tokenPath);
  const tls = listen && { ...(await readTlsFiles(listen, paths.home, startTime)), address: listen.address };
  const deps = await openDeps({ ...options, install });
  const { store, book } = deps;
  await followMovedHome(deps);
  const spool = createSpoolProbe(paths.spoolDir);
  const files = createLaunchFiles(paths.sessionsDir);
  const undertaker = createUndertaker(deps, files);
  const abandonedStarts = createAbandonedStarts(deps, files);
  const reaper = createReaper({ ...deps, spooledFor: spool.has, neverStarted: abandonedStarts.settle });
  const boot = createBootReconciliation({ ...deps, spooledFor: spool.has });
  const outbox = createOutbox(deps, { failPoint });
  const housekeeping = createHousekeeping(deps, {
    reaper,
    boot,
    burials: createBurials(deps, undertaker),
    screens: createScreenWatch(deps),
    dialogs: createDialogWatch(deps),
    turns: createTurnWatch(deps),
    witness: createScreenWitness(deps),
  });
  const shim = createShimSupervisor({
    // The flags this Node was started with, which an older one needs to read TypeScript.
    command: [process.execPath, ...SMALL_HEAP, ...process.execArgv, options.shimMain],
    env,
    log,
    runningPid: options.shimPid,
  });
  const app: App = {
    ...createManager(deps, { files, undertaker, abandonedStarts, outbox }),
    projects: createProjects(deps),
    salvages: createSalvages(deps),
    harnesses: createHarnessCatalog({ ...deps, env }),
    daemon: createDaemonControl(deps, { ...options, install, startTime, boot, reaper, shim, spool, tls }),
    authenticate: createAuthenticate(token, store),
    onShimStreams: shim.onStreams,
  };

  await reaper.reapOldBoots();
  await outbox.resume();
  const server = createServer({
    app,
    log,
    failPoint,
    version: install.version,
    socketPath: paths.socketPath,
    tls,
    descriptors: await readFile(install.descriptors),
  });
  await server.listen();
  shim.start();
  housekeeping.start();
  const address = tls && formatAddress({ ...tls.address, port: server.tlsPort() ?? tls.address.port });
  log.info({ pid: process.pid, socket: paths.socketPath, address, version: install.version }, "daemon ready");

  return {
    async stop(options) {
      await shim.stop();
      await server.stop(1000);
      await outbox.stop();
      await housekeeping.stop();
      await book.close();
      if (options) await store.saveCopy(options.saveTo);
      await store.close();
      log.info({ pid: process.pid }, "daemon stopped");
    },
  };
}
