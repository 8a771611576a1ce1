import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LAUNCH_MANIFEST, LAUNCHER_FILE, type LaunchManifest } from "../../core/launch-manifest.ts";
import { ifThere } from "../../util/absent.ts";
import { writeFileAtomic } from "../../util/atomic-file.ts";

/** The private files of launches: `sessions/<session>/<launch>/`, directories 0700, files 0600. */
export interface LaunchFiles {
  dir(sessionId: string, launchId: string): string;
  create(sessionId: string, launchId: string, files: { token: string; prompt: string }): Promise<string>;
  writeManifest(manifest: LaunchManifest): Promise<void>;
  /** Where a launch worked, as it was told; undefined when it never came so far, or its directory is gone. */
  readWorkspacePath(sessionId: string, launchId: string): Promise<string | undefined>;
  /** The prompt a launch was given; undefined when there was none or its directory is gone. */
  readPrompt(sessionId: string, launchId: string): Promise<string | undefined>;
  /** Whether its launcher ever ran. */
  hasRun(sessionId: string, launchId: string): boolean;
  /** What the terminal showed when the launch ended. */
  saveScreen(sessionId: string, launchId: string, text: string): Promise<void>;
  readScreen(sessionId: string, launchId: string): Promise<string | undefined>;
  /** Whether there is something of a launch, and nobody has put away its terminal yet. */
  awaitsBurial(sessionId: string, launchId: string): boolean;
  noteBurial(sessionId: string, launchId: string): Promise<void>;
  removeLaunch(sessionId: string, launchId: string): Promise<void>;
  removeSession(sessionId: string): Promise<void>;
}

/** Says that the terminal was put away. */
const BURIED = "buried";

export function createLaunchFiles(sessionsDir: string): LaunchFiles {
  const dir = (sessionId: string, launchId: string) => join(sessionsDir, sessionId, launchId);
  return {
    dir,
    async create(sessionId, launchId, files) {
      const path = dir(sessionId, launchId);
      await mkdir(path, { recursive: true, mode: 0o700 });
      await chmod(path, 0o700);
      await writeFileAtomic(join(path, "token"), files.token);
      if (files.prompt) await writeFileAtomic(join(path, "prompt"), files.prompt);
      return path;
    },
    writeManifest: (manifest) =>
      writeFileAtomic(
        join(dir(manifest.sessionId, manifest.launchId), LAUNCH_MANIFEST),
        `${JSON.stringify(manifest, null, 2)}\n`,
      ),
    async readWorkspacePath(sessionId, launchId) {
      const text = await ifThere(readFile(join(dir(sessionId, launchId), LAUNCH_MANIFEST), "utf8"));
      return text === undefined ? undefined : (JSON.parse(text) as LaunchManifest).workspacePath;
    },
    readPrompt: (sessionId, launchId) => ifThere(readFile(join(dir(sessionId, launchId), "prompt"), "utf8")),
    hasRun: (sessionId, launchId) => existsSync(join(dir(sessionId, launchId), LAUNCHER_FILE)),
    saveScreen: (sessionId, launchId, text) =>
      writeFileAtomic(join(dir(sessionId, launchId), "screen.txt"), text),
    readScreen: (sessionId, launchId) =>
      ifThere(readFile(join(dir(sessionId, launchId), "screen.txt"), "utf8")),
    awaitsBurial: (sessionId, launchId) =>
      existsSync(dir(sessionId, launchId)) && !existsSync(join(dir(sessionId, launchId), BURIED)),
    async noteBurial(sessionId, launchId) {
      // A removal may have been quicker.
      await ifThere(writeFile(join(dir(sessionId, launchId), BURIED), "", { mode: 0o600 }));
    },
    removeLaunch: (sessionId, launchId) => rm(dir(sessionId, launchId), { recursive: true, force: true }),
    removeSession: (sessionId) => rm(join(sessionsDir, sessionId), { recursive: true, force: true }),
  };
}
