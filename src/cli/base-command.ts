import { Command } from "@oclif/core/command";
import * as Errors from "@oclif/core/errors";
import type { AoClient } from "./client-types.ts";
import { type CliContext, createContext } from "./context.ts";
import { findInstall, type Install } from "./install.ts";
import { usageError } from "./usage-error.ts";
import { versionNote } from "./version-note.ts";

/**
 * What all commands share: data goes to stdout, notes to stderr, `--json` prints what `run()` returns.
 *
 * Errors pass through to `runCli`, which alone prints them and chooses the exit code.
 */
export abstract class AoCommand extends Command {
  static override enableJsonFlag = true;

  protected readonly context: CliContext = createContext(process);
  protected readonly install: Install = findInstall();
  #client: AoClient | undefined;
  #daemonVersion: string | undefined;
  readonly #onVersion = (version: string) => {
    this.#daemonVersion = version;
  };

  /** A client of the daemon, which is started when none runs; throws DaemonStartError. */
  protected async client(): Promise<AoClient> {
    this.#client ??= await this.#remoteClient();
    if (!this.#client) {
      // Loaded here: help and version never pay for gRPC.
      const { ensureDaemon } = await import("./ensure-daemon.ts");
      this.#client = await ensureDaemon({
        ...this.context,
        daemonMain: this.install.daemonMain,
        onVersion: this.#onVersion,
      });
    }
    return this.#client;
  }

  /** A client of the daemon that runs; throws DAEMON_UNREACHABLE when none does. */
  protected async runningClient(): Promise<AoClient> {
    this.#client ??= await this.#remoteClient();
    if (!this.#client) {
      const { connectRunning } = await import("./ensure-daemon.ts");
      this.#client = await connectRunning(this.context.paths, this.#onVersion);
    }
    return this.#client;
  }

  /** The daemon AO_ADDRESS names, which is never started from here. */
  async #remoteClient(): Promise<AoClient | undefined> {
    const { remote } = this.context;
    if (!remote) return undefined;
    const { connectRemote } = await import("./ensure-daemon.ts");
    return connectRemote({ ...this.context, remote, onVersion: this.#onVersion });
  }

  /** Prints lines of data; nothing under --json. */
  protected print(lines: readonly string[]): void {
    if (lines.length > 0) this.log(lines.join("\n"));
  }

  /** Prints a remark to stderr; nothing under --json. */
  protected note(text: string): void {
    this.logToStderr(text);
  }

  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }

  protected override async catch(error: Error): Promise<void> {
    const isUsage = error instanceof Errors.CLIError && !(error instanceof Errors.ExitError);
    throw isUsage ? usageError(error, this.id) : error;
  }

  protected override async finally(): Promise<void> {
    this.#client?.close();
    const note = versionNote({ own: this.install.packageJson.version, daemon: this.#daemonVersion });
    if (note) this.note(note);
  }
}
