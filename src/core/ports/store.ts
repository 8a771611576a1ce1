import type { Message, NewMessage } from "../message.ts";
import type { Launch, Project, Session, Status } from "../session.ts";
import type { Meaning, Signal, SignalOutcome } from "../signal.ts";

/** A signal as logged. */
export interface LoggedSignal {
  signal: Signal;
  sessionId: string;
  outcome: SignalOutcome;
  rule: string;
  reason: string;
  statusAfter: Status;
  commitTime: number;
}

/** A logged signal with its position in the log. */
export interface SignalRow extends LoggedSignal {
  logId: number;
}

/** A logged signal with what its harness's event table makes of it when it is read. */
export interface MeantRow extends SignalRow {
  meaning: Meaning;
}

/** One committed change of a session; the watch is served from these. */
export interface Change {
  revision: number;
  /**
   * Which run of the daemon wrote it. A copy of the database that is put back counts on from where it was made, so that
   * the same revision can name two changes: with the epoch it names one. Empty in the oldest rows.
   */
  epoch: string;
  type: "changed" | "removed";
  sessionId: string;
  projectId: string;
  commitTime: number;
  /** The session as of this revision; absent for `removed`. */
  session?: Session;
}

/** Everything one transaction writes. Later entries of `sessions` win over earlier ones of the same id. */
export interface Commit {
  signals?: readonly LoggedSignal[];
  sessions?: readonly Session[];
  /** Revisions are given by the caller: consecutive, starting at head + 1. */
  changes?: readonly Change[];
  launches?: readonly Launch[];
  removedSessionIds?: readonly string[];
}

/** A page of rows in a stable order, resumed after `after`. */
export interface Page<Row> {
  rows: Row[];
  /** Where the next page starts; undefined on the last. */
  next?: string;
}

export interface HarnessRow {
  id: string;
  displayName: string;
  supported: boolean;
}

/** The one door to the database. Every method is one transaction; none awaits anything but the database. */
export interface Store {
  /** Marks these harnesses supported, inserts new ones, marks all others unsupported. */
  syncHarnesses(rows: readonly { id: string; displayName: string }[]): Promise<void>;
  listHarnesses(): Promise<HarnessRow[]>;

  insertProject(project: Project): Promise<void>;
  updateProject(project: Project): Promise<void>;
  deleteProject(id: string): Promise<void>;
  getProject(id: string): Promise<Project | undefined>;
  /** Ordered by id. */
  listProjects(options: { limit: number; after?: string }): Promise<Page<Project>>;
  /**
   * Takes the number of the project's next session: one more than any it ever had, also under an earlier registration
   * of the same id. Each call takes another. Throws PROJECT_NOT_FOUND.
   */
  nextSessionNumber(projectId: string): Promise<number>;

  getSession(id: string): Promise<Session | undefined>;
  /** At most two rows: enough to tell none, one, many. */
  findSessionsByName(name: string): Promise<Session[]>;
  findSessionByRequestId(requestId: string): Promise<Session | undefined>;
  findSessionByLaunch(launchId: string): Promise<Session | undefined>;
  /** Newest first. `live` keeps those whose process is starting, running or lost. */
  listSessions(options: {
    limit: number;
    after?: string;
    projectId?: string;
    live?: boolean;
  }): Promise<Page<Session>>;
  /** Ids of all sessions, or of one project's; newest first. */
  listSessionIds(projectId?: string): Promise<string[]>;
  /** Those of the sessions that there are, in any order; at most some hundred ids. */
  getSessions(ids: readonly string[]): Promise<Session[]>;
  countSessions(projectId: string): Promise<number>;

  getLaunch(id: string): Promise<Launch | undefined>;
  listLaunches(sessionId: string): Promise<Launch[]>;

  /** Which of these signals are logged already: ids by launch. */
  knownSignalIds(signals: readonly Pick<Signal, "launchId" | "id">[]): Promise<Map<string, Set<string>>>;
  /** Writes all of it in one durable transaction; returns the log ids of `signals`, in order. */
  commit(commit: Commit): Promise<number[]>;

  /** Newest first when `newestFirst`, else oldest first after `afterLogId`. */
  listSignals(options: {
    sessionId?: string;
    launchId?: string;
    limit: number;
    beforeLogId?: number;
    afterLogId?: number;
    newestFirst: boolean;
  }): Promise<SignalRow[]>;

  /** Accepts a message: it is on disk, with its place in the order, when the promise resolves. */
  insertMessage(message: NewMessage): Promise<Message>;
  /** Writes everything of the message that can change. */
  updateMessage(message: Message): Promise<void>;
  getMessage(id: string): Promise<Message | undefined>;
  findMessageByRequestId(requestId: string): Promise<Message | undefined>;
  /** Messages no end was written for, oldest first. */
  listOpenMessages(): Promise<Message[]>;
  /** Newest first. */
  listMessages(options: { sessionId: string; limit: number; after?: string }): Promise<Page<Message>>;

  /** Newest revision, 0 when there is none, with its epoch, and the oldest still kept. */
  revisions(): Promise<{ head: number; epoch: string; oldest: number }>;
  /** Changes after `revision`, oldest first, at most `limit`. */
  listChanges(options: { after: number; limit: number }): Promise<Change[]>;
  /**
   * Drops signals and changes that are older than `before` (epoch ms) or not among the newest `keepSignals` and
   * `keepChanges`, never a session's newest signal nor the newest change. Changes are dropped from the oldest on, so
   * that those kept have no gap. Messages that ended before it go too. Several short transactions: other calls may come
   * between; ends after one of them when `signal` aborts. Returns rows dropped.
   */
  compact(options: {
    before: number;
    keepChanges: number;
    keepSignals: number;
    signal?: AbortSignal;
  }): Promise<number>;
  /** Why the last transaction could not be written, such as a full disk; undefined when it was. */
  writeProblem(): string | undefined;
  /** Empty when the file is sound, else what SQLite says. */
  integrityCheck(): Promise<string[]>;
  /** Writes a whole copy, also when the database's own file was deleted or replaced meanwhile. */
  saveCopy(path: string): Promise<void>;
  close(): Promise<void>;
}
