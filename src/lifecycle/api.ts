import type { Message, SendStage, WhenBusy } from "../core/message.ts";
import type { Harness, LocatedBinary, ScreenExplanation } from "../core/ports/harnesses.ts";
import type { HarnessFile, HarnessProblem } from "../core/ports/own-harnesses.ts";
import type { MeantRow, Page, SignalRow } from "../core/ports/store.ts";
import type { RestoredSalvage, Salvage } from "../core/ports/workspaces.ts";
import type { HarnessTraits, Rule } from "../core/reduce-types.ts";
import type { RestoreMode, RestorePlan } from "../core/restore-plan.ts";
import type {
  ActivityState,
  PermissionMode,
  Project,
  RuntimeKind,
  Session,
  SessionKind,
  Status,
} from "../core/session.ts";
import type { Meaning, Signal, SignalFields, SignalOutcome } from "../core/signal.ts";

/** A session with what is derived when it is read. */
export interface SessionView {
  session: Session;
  status: Status;
  statusReason: string;
  /** Argument vector that attaches a person's terminal; empty when there is none. */
  attachCommand: readonly string[];
  /** What a restore would do; undefined while the process may run. */
  restore?: RestorePlan;
}

export interface SpawnRequest {
  projectId: string;
  harness: string;
  prompt: string;
  name: string;
  branch: string;
  baseRef: string;
  model: string;
  permissionMode: PermissionMode;
  kind: SessionKind;
  issue: string;
  runtime: RuntimeKind;
  requestId: string;
  /** Undefined takes the daemon's own. Never stored, never logged. */
  environment?: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
}

export interface SendRequest {
  sessionId: string;
  text: string;
  whenBusy: WhenBusy;
  /** Nothing is typed after it. */
  waitTimeoutMs: number;
  requestId: string;
  /** Returns as soon as the message is on disk. */
  noWait: boolean;
}

export interface SendResult {
  messageId: string;
  stage: SendStage;
  detail: string;
}

export type WatchMessage = {
  revision: number;
  /** Who wrote the revision; see `Change`. */
  epoch: string;
} & (
  | { type: "snapshot" | "changed"; view: SessionView; commitTime?: number }
  | { type: "removed"; sessionId: string; commitTime: number }
  | { type: "snapshot_end" | "progress" }
);

/**
 * What the server calls. `sessionId` is an id or a unique name everywhere. Methods throw `AoError` as the proto
 * comments say; every wait ends with `signal`.
 */
export interface Sessions {
  spawn(request: SpawnRequest): Promise<SessionView>;
  get(sessionId: string): Promise<SessionView>;
  list(options: {
    projectId?: string;
    statuses: readonly Status[];
    limit: number;
    after?: string;
  }): Promise<Page<SessionView> & { revision: number; epoch: string }>;
  /** Changes only the fields given. */
  update(
    sessionId: string,
    fields: { name?: string; labels?: Readonly<Record<string, string>> },
  ): Promise<SessionView>;
  send(request: SendRequest, signal: AbortSignal): Promise<SendResult>;
  /** Newest first. */
  listMessages(options: { sessionId: string; limit: number; after?: string }): Promise<Page<Message>>;
  /** Waits for the message's end; as it is when that has come or the time is up. */
  waitMessage(request: { messageId: string; timeoutMs: number }, signal: AbortSignal): Promise<Message>;
  cancelMessage(messageId: string): Promise<{ message: Message; cancelled: boolean }>;
  interrupt(sessionId: string): Promise<{ view: SessionView; interrupted: boolean }>;
  answer(request: { sessionId: string; requestId: string; answer: "approve" | "deny" }): Promise<SessionView>;
  kill(request: { sessionId: string; graceMs: number }, signal: AbortSignal): Promise<SessionView>;
  restore(request: {
    sessionId: string;
    prompt: string;
    /** Start a new conversation, whatever there is to resume. */
    fresh?: boolean;
    environment?: Readonly<Record<string, string>>;
  }): Promise<{ view: SessionView; mode: RestoreMode }>;
  remove(
    sessionId: string,
  ): Promise<{ salvageRef?: string; keptBranch?: string; leftOut?: readonly string[] }>;
  /** Ends when `signal` aborts; throws REVISION_COMPACTED or REVISION_IN_FUTURE before the first message. */
  watch(
    options: { afterRevision?: number; afterEpoch?: string; projectId?: string },
    signal: AbortSignal,
  ): AsyncIterable<WatchMessage>;
  wait(
    request: { sessionId: string; statuses: readonly Status[]; timeoutMs: number },
    signal: AbortSignal,
  ): Promise<SessionView>;
  terminal(sessionId: string, lines: number): Promise<string>;
}

export interface SignalResult {
  launchId: string;
  signalId: string;
  outcome: SignalOutcome;
  rule: Rule;
  reason: string;
}

export interface ActivityLog {
  /** Takes signals in order; resolves when all are on disk with their effect. Unknown launches are `rejected`. */
  report(signals: readonly Signal[]): Promise<SignalResult[]>;
  list(options: {
    sessionId: string;
    launchId?: string;
    limit: number;
    beforeLogId?: number;
  }): Promise<MeantRow[]>;
  watch(options: { sessionId?: string; afterLogId?: number }, signal: AbortSignal): AsyncIterable<SignalRow>;
  explain(sessionId: string): Promise<SessionExplanation>;
}

/** Why a session has its status. */
export interface SessionExplanation {
  view: SessionView;
  verdict: string;
  /** Oldest first, at most 50. */
  signals: MeantRow[];
  traits: HarnessTraits;
}

export interface Projects {
  add(request: { path: string; id: string; defaultBranch: string; defaultHarness: string }): Promise<Project>;
  get(id: string): Promise<Project>;
  list(options: { limit: number; after?: string; containingPath?: string }): Promise<Page<Project>>;
  update(id: string, fields: { defaultBranch?: string; defaultHarness?: string }): Promise<Project>;
  remove(id: string): Promise<void>;
}

/** What removed sessions left behind. `salvage` is a name or a ref. */
export interface Salvages {
  /** Newest first. */
  list(options: { limit: number; after?: string; projectId?: string }): Promise<Page<Salvage>>;
  get(salvage: string): Promise<Salvage>;
  /** Empty fields take their defaults. */
  restore(request: {
    salvage: string;
    path: string;
    branch: string;
  }): Promise<RestoredSalvage & { salvage: Salvage }>;
  /** The commit that was dropped; undefined when there was none. */
  drop(salvage: string): Promise<string | undefined>;
}

export interface HarnessView {
  id: string;
  displayName: string;
  supported: boolean;
  /** Undefined for a row whose spec this ao no longer has, and for a file of the user's that was never trusted. */
  harness?: Harness;
  /** Of a harness of the user's own. */
  file?: HarnessFile;
  located?: LocatedBinary;
}

export interface HarnessCatalog {
  /** Does not look for binaries' versions on every call: a located binary is cached by path and mtime. */
  list(): Promise<HarnessView[]>;
  get(id: string): Promise<HarnessView>;
  /** Judges a text as the file of harness `id`, or of whichever it names when that is empty. */
  check(
    text: string,
    id: string,
  ): Promise<{
    view?: HarnessView;
    digest: string;
    problems: readonly HarnessProblem[];
    advice: readonly HarnessProblem[];
  }>;
  /** Lets a file of the user's run as it stands. */
  trust(id: string, digest: string): Promise<HarnessView>;
  distrust(id: string): Promise<void>;
  derive(request: { harness: string; event: string; payload: string }): Promise<{
    meaning?: Meaning;
    fields: SignalFields;
    state: ActivityState;
    rule: Rule;
    reason: string;
  }>;
  /** How harness `harness`, or the one that `file` is the text of, reads a screen. */
  readScreen(request: {
    harness: string;
    file: string;
    screen: string;
  }): Promise<{ explanation?: ScreenExplanation; problems: readonly HarnessProblem[] }>;
}

/** A session that ended while no daemon ran, as it is now. */
export interface BootDeath {
  sessionId: string;
  status: Status;
  /** One short sentence why. */
  reason: string;
  unasked: boolean;
}

/** What became of the sessions that ran when the last daemon ended. */
export interface BootReport {
  /** Sessions found alive. */
  adopted: number;
  /** Sessions whose fate is not known yet. */
  pending: number;
  /** Sessions found ended and not started again or removed since, newest first. */
  deaths: readonly BootDeath[];
}

export interface DaemonInfo {
  version: string;
  pid: number;
  startTime: number;
  revision: number;
  homePath: string;
  socketPath: string;
  databasePath: string;
  logPath: string;
  liveSessions: number;
  shimConnected: boolean;
  missedEvents: number;
  spoolFiles: number;
  /** What became of the sessions that ran when the daemon before ended. */
  boot: BootReport;
}

export interface CheckResult {
  name: string;
  level: "ok" | "warning" | "error";
  detail: string;
  hint: string;
}

export interface DaemonControl {
  info(): Promise<DaemonInfo>;
  check(): Promise<CheckResult[]>;
  /** Begins the stop and returns; the process ends within 2 s. */
  stop(): Promise<void>;
}

/** Who makes a call. */
export type Principal = { kind: "operator" } | { kind: "session"; sessionId: string; launchId: string };

/** Tells who a bearer token belongs to; undefined when nobody. */
export type Authenticate = (token: string | undefined) => Promise<Principal | undefined>;

/** Everything the server offers, wired by the daemon. */
export interface App {
  sessions: Sessions;
  activity: ActivityLog;
  projects: Projects;
  salvages: Salvages;
  harnesses: HarnessCatalog;
  daemon: DaemonControl;
  authenticate: Authenticate;
  /** Called with true while at least one shim stream is open. */
  onShimStreams(open: number): void;
}
