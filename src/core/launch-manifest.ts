/**
 * `launch.json` in a launch's private directory, `AO_HOME/sessions/<session>/<launch>/`: what the shim needs to know
 * of a launch, written by the daemon before the process starts, so that the earliest hook has a home.
 */
export interface LaunchManifest {
  launchId: string;
  sessionId: string;
  harness: string;
  workspacePath: string;
  /** Epoch ms. */
  launchTime: number;
  /** As `PreparedLaunch.witness`. */
  witness: Record<string, string>;
}

/** Name of the manifest's file in the launch's directory. */
export const LAUNCH_MANIFEST = "launch.json";

/** Name of the file beside it in which `ao-run` names itself as soon as it runs. */
export const LAUNCHER_FILE = "ao-run.pid";

/** Events `ao-run` spools by itself, as the last part of a spool file's name. */
export const PROCESS_EVENTS = { started: "ao-process-started", exited: "ao-process-exited" } as const;

/** Name of a spooled file; `bin/ao-hook` and `bin/ao-run` make it, and n is the first that is free. */
export const SPOOL_NAME =
  /^(?<launch>[a-z0-9][a-z0-9-]{0,62})\.(?<pid>\d+)-(?<n>\d+)\.(?<event>[A-Za-z0-9_.-]{1,100})$/;

/** Folder of the spool for files that can never be sent. */
export const REJECTED_DIR = ".rejected";
