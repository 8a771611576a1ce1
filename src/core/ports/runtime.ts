import type { RuntimeKind } from "../session.ts";

/** What to start, and where. */
export interface StartRequest {
  sessionId: string;
  launchId: string;
  /** Private directory of the launch; holds `command.sh`, the prompt, the token. */
  launchDir: string;
  /** The agent's argument vector; exact bytes, no shell. Every argument is under 131072 bytes. */
  argv: readonly string[];
  /** Working directory. */
  cwd: string;
  /** The agent's whole environment. */
  env: Readonly<Record<string, string>>;
  /** Spool the launcher writes its process records to. */
  spoolDir: string;
  harness: string;
}

/** What a probe saw; `unknown` when it could not look, which changes nothing. */
export type ProbeResult = "alive" | "dead" | "unknown";

/** What a look at a process saw; `stopped` is alive and held by SIGSTOP, SIGTSTP (Ctrl-Z) or a debugger. */
export type ProcessLook = "alive" | "stopped" | "dead" | "unknown";

/** Where agents run. Handles are opaque strings that survive a daemon's restart. */
export interface Runtime {
  readonly kind: RuntimeKind;
  /** Undefined when usable, else what is wrong. */
  check(): Promise<string | undefined>;
  /** The handle is known before the process starts, so that a crash in between can be cleaned up. */
  handleFor(request: { sessionId: string; launchId: string; launchDir: string }): string;
  /** Starts `ao-run` with the command. Undoes itself when it fails. */
  start(handle: string, request: StartRequest): Promise<void>;
  /** Looks at the pane or the launcher; never throws, never waits longer than 2 s. */
  probe(handle: string): Promise<ProbeResult>;
  /** What the terminal shows, plain text, at most `lines` from the end; undefined when it is gone. */
  capture(handle: string, lines: number): Promise<string | undefined>;
  /** Pastes text into the terminal without submitting it. */
  paste(handle: string, text: string): Promise<void>;
  /**
   * Presses keys by tmux name: Enter, Escape, C-c, Down, y; one at a time, at least 100 ms apart. Two Escapes in one
   * write are read as Alt-Escape (seen: opencode 1.18.33 is not interrupted by them, with 30 ms between it is).
   */
  press(handle: string, keys: readonly string[]): Promise<void>;
  /** Argument vector that attaches a person's terminal; empty when there is none. */
  attachCommand(handle: string): string[];
  /** Ends the terminal itself and removes what belongs to it; idempotent. Processes are ended by ProcessTree. */
  dispose(handle: string): Promise<void>;
}

/** One process for ever: the pid may be used again, pid and start time may not. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot. */
  startTicks: number;
}

/** The host's process table. */
export interface ProcessTable {
  /** Identity of a pid now; undefined when there is no such process (zombies count as gone). */
  identify(pid: number): Promise<ProcessIdentity | undefined>;
  /** `unknown` when the table could not be read. */
  probe(identity: ProcessIdentity): Promise<ProbeResult>;
  /** As `probe`, and tells one that is stopped. */
  look(identity: ProcessIdentity): Promise<ProcessLook>;
  /** Boot id of the host. */
  bootId(): Promise<string>;
  /**
   * Calls `hear` whenever a program writes to the terminal of `pid`; the result ends it. Undefined when that cannot be
   * heard here.
   */
  hearTerminal(pid: number, hear: () => void): (() => void) | undefined;
  /** Processes whose environment carries AO_SESSION_ID=<session> (and AO_LAUNCH_ID when given), and their descendants. */
  findByTag(tag: { sessionId: string; launchId?: string }): Promise<ProcessIdentity[]>;
  /** TERM to all, KILL after the grace, until the tree of the tag and of `roots` is empty. Returns the pids that would not die. */
  killTree(request: {
    tag: { sessionId: string };
    roots: readonly ProcessIdentity[];
    graceMs: number;
    signal?: AbortSignal;
  }): Promise<number[]>;
}
