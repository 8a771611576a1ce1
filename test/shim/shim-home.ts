import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LaunchManifest } from "../../src/core/launch-manifest.ts";
import { resolvePaths } from "../../src/util/paths.ts";
import { TOKEN } from "./recording-daemon.ts";

/** An AO_HOME with what a shim needs, in a temporary directory. */
export function makeHome(home: string) {
  const paths = resolvePaths({ AO_HOME: home, AO_RUN_DIR: join(home, "run") });
  for (const dir of [paths.runDir, paths.spoolDir, paths.sessionsDir]) mkdirSync(dir, { recursive: true });
  writeFileSync(paths.tokenPath, `${TOKEN}\n`);
  let serial = 0;
  return {
    paths,
    /** Writes a file into the spool the way `ao-run` does: whole, by a rename. Returns its name. */
    spool(launchId: string, event: string, payload: unknown, pid = deadPid): string {
      const name = `${launchId}.${pid}-${serial++}.${event}`;
      const temporary = join(paths.spoolDir, `.${launchId}.${pid}`);
      writeFileSync(temporary, typeof payload === "string" ? payload : JSON.stringify(payload));
      renameSync(temporary, join(paths.spoolDir, name));
      return name;
    },
    /** Names in the spool that are signals. */
    spooled: () => readdirSync(paths.spoolDir).filter((name) => !name.startsWith(".")),
    readSpooled: (name: string) => readFileSync(join(paths.spoolDir, name), "utf8"),
    addLaunch(manifest: Partial<LaunchManifest> & { launchId: string }): string {
      const whole: LaunchManifest = {
        sessionId: "web-1",
        harness: "claude-code",
        workspacePath: "/work",
        launchTime: Date.now(),
        witness: {},
        ...manifest,
      };
      const dir = join(paths.sessionsDir, whole.sessionId, whole.launchId);
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, "launch.json"), JSON.stringify(whole));
      return dir;
    },
  };
}

/** A pid no process has: over the kernel's limit of 2^22. */
export const deadPid = 5_000_000;
