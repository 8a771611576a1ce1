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
  /** The agent's umask; undefined leaves it the daemon's. */
  umask?: number;
  /** Spool the launcher writes its process records to. */
  spoolDir: string;
  harness: string;
}

/** What a probe saw; `unknown` when it could not look, which changes nothing. */
export type ProbeResult = "alive" | "dead" | "unknown";

/** What a look at a process saw; `stopped` is alive and held by SIGSTOP, SIGTSTP (Ctrl-Z) or a debugger. */
export type ProcessLook = "alive" | "stopped" | "dead" | "unknown";

/** What a terminal shows and who is at it, all seen at one moment. */
export interface TerminalLook {
  /** Plain text, as `capture` gives it. */
  text: string;
  /** Where the cursor stands and whether it shows, as an opaque word: another one means that the screen changed. */
  cursor: string;
  /** Somebody scrolls in it: keys would go to the scrolling. */
  scrolled: boolean;
  /** Epoch ms of the last key of a person, by the second; undefined while nobody is attached. */
  personTime?: number;
}

/** Keys for a terminal that go out once, or not at all. */
export interface Keystroke {
  /** Names this keystroke for ever: 1 to 80 of a-z, 0-9 and "-". */
  token: string;
  /** Text to paste, bracketed, or a key by tmux name. */
  type: { paste: string } | { key: string };
  /** Types only while the cursor is as it was in a look. */
  cursor?: string;
}

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
  /** Looks at the terminal; undefined when it is gone. */
  look(handle: string, lines: number): Promise<TerminalLook | undefined>;
  /**
   * Types and remembers that it did, in one step of the terminal's own server, so that a crash of the caller leaves no
   * doubt. `moved`: the cursor was elsewhere, nothing was typed. Throws TERMINAL_GONE when nothing was typed for that
   * reason, RUNTIME_UNAVAILABLE when it is not known whether something was.
   */
  typeOnce(handle: string, keystroke: Keystroke): Promise<"typed" | "moved">;
  /**
   * Whether the newest keystroke of the terminal was the one of this token. When it answers false that keystroke never
   * goes out any more, be its caller dead or only slow. Throws TERMINAL_GONE.
   */
  wasTyped(handle: string, token: string): Promise<boolean>;
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
  /** As `look`, of many in one pass; in their order. */
  lookAll(identities: readonly ProcessIdentity[]): Promise<ProcessLook[]>;
  /** Boot id of the host. */
  bootId(): Promise<string>;
  /**
   * Calls `hear` whenever a program writes to the terminal of `pid`; the result ends it. Undefined when that cannot be
   * heard here.
   */
  hearTerminal(pid: number, hear: () => void): (() => void) | undefined;
  /** Arguments of the program that has the terminal of `pid`: what is typed there, it reads. Undefined when unknown. */
  foreground(pid: number): Promise<readonly string[] | undefined>;
  /** Processes whose environment carries AO_SESSION_ID=<session> (and AO_LAUNCH_ID when given), and their descendants. */
  findByTag(tag: { sessionId: string; launchId?: string }): Promise<ProcessIdentity[]>;
  /**
   * TERM to all, KILL after the grace, until the tree of the tag and of `roots` is empty. Returns the pids that would not
   * die. With `only` it is those whose arguments it knows.
   */
  killTree(request: {
    tag: { sessionId: string; launchId?: string };
    roots: readonly ProcessIdentity[];
    graceMs: number;
    only?: (argv: readonly string[]) => boolean;
    signal?: AbortSignal;
  }): Promise<number[]>;
}
