import type { Status } from "../../src/core/session.ts";

/** What a scenario sees of a session. */
export interface Seen {
  status: Status;
  reason: string;
  pid: number;
  launchId: string;
  nativeSessionId: string;
  exitSignal: string;
  requestId: string;
}

/** Where scenarios run: the lifecycle in this process with a played agent, or real processes all the way. */
export interface World {
  /** Starts the demo agent with a prompt of its script; returns the session's id. */
  spawn(prompt: string): Promise<string>;
  see(sessionId: string): Promise<Seen>;
  /** Waits until the session has the status; fails with what it is instead. */
  until(sessionId: string, status: Status): Promise<Seen>;
  answer(sessionId: string, answer: "approve" | "deny"): Promise<void>;
  interrupt(sessionId: string): Promise<void>;
  /** Types at the agent's own terminal, as a person who attached would; ao is not asked. */
  typeAtTerminal(sessionId: string, key: string): Promise<void>;
  send(sessionId: string, text: string): Promise<string>;
  /** Ends the agent's process alone. */
  killAgent(sessionId: string, signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  /** Ends the agent and its launcher at once, so that nobody is left to tell. */
  killEverything(sessionId: string): Promise<void>;
  /** Stops the agent's process, as Ctrl-Z or a debugger does; ao is not asked. */
  stop(sessionId: string): Promise<void>;
  /** Lets a stopped one go on. */
  goOn(sessionId: string): Promise<void>;
  kill(sessionId: string): Promise<void>;
  restore(sessionId: string): Promise<void>;
  remove(sessionId: string): Promise<void>;
  exists(sessionId: string): Promise<boolean>;
  /** Ends the daemon with SIGKILL, does `meanwhile`, starts it again. */
  withoutDaemon(meanwhile: () => Promise<void>): Promise<void>;
  /** Every revision seen by a watch since the world began, in order. */
  revisions(): Promise<number[]>;
  close(): Promise<void>;
}
