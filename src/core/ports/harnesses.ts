import type { HarnessTraits } from "../reduce-types.ts";
import type { PermissionMode } from "../session.ts";
import type { Meaning, SignalFields } from "../signal.ts";

/** What ao can know of an agent. */
export interface HarnessCapabilities {
  hooks: boolean;
  permissionSignal: boolean;
  turnEndSignal: boolean;
  exitSignal: boolean;
  resume: boolean;
  secondWitness: boolean;
  answer: boolean;
}

/**
 * How a conversation is continued: `id` by its id, under which it goes on; `copy` by its id, as a copy with another one;
 * `directory` without an id, as the last one of the directory the agent runs in.
 */
export type ResumeBy = "id" | "copy" | "directory";

/** How a fact about somebody else's program is known. */
export type Evidence = "seen" | "documented" | "assumed";

/**
 * How an agent in a terminal gets its first prompt: on its command line, or typed when its composer shows. A command line
 * may still leave it out, such as the one that continues a conversation: `Harness.typesPrompt` tells of one launch.
 */
export type PromptDelivery = "in_command" | "after_start";

/** A dialog that may stand before the agent's first word. */
export interface Gate {
  gate: string;
  /** `skipped` by ao, `named` by its screen, `hidden`: nothing tells it. */
  how: "skipped" | "named" | "hidden";
  note: string;
}

/** How the facts about one side of an agent are known, where that differs from the rest. */
export interface FactNote {
  area: string;
  evidence: Evidence;
  source: string;
}

/** One row of an event table, for people. */
export interface EventRow {
  event: string;
  condition: string;
  meaning: Meaning;
}

export interface LocatedBinary {
  path: string;
  version: string;
}

/** What decides how a prompt gets to the agent. */
export type PromptedLaunch = Pick<LaunchPlan, "prompt" | "resumeId" | "resumeLast" | "headless">;

/** What a launch needs of its harness. */
export interface LaunchPlan {
  sessionId: string;
  launchId: string;
  /** Private directory for hook config and the like. */
  launchDir: string;
  workspacePath: string;
  repositoryPath: string;
  binary: string;
  /** Empty starts at the empty prompt. */
  prompt: string;
  /** Empty takes the agent's default. */
  model: string;
  permissionMode: PermissionMode;
  /** Native conversation to continue. */
  resumeId?: string;
  /** Continues the last conversation of the worktree, which nobody knows the id of. */
  resumeLast?: boolean;
  headless: boolean;
  /** Absolute path of `bin/ao-hook`. */
  hookCommand: string;
  /** The agent's environment before the harness adds to it. */
  env: Readonly<Record<string, string>>;
}

/** How to start the agent. */
export interface PreparedLaunch {
  argv: string[];
  /** Added to the environment. */
  env: Record<string, string>;
  /** Taken out of the environment. */
  unsetEnv: string[];
  /** What the shim's second witness needs, such as the agent's config directory; plain strings. */
  witness: Record<string, string>;
  /** To be typed when the composer shows; empty when the command line carries the prompt, or there is none. */
  promptToType: string;
}

/** What a screen shows. */
export type ScreenReading =
  | { kind: "ready" }
  | { kind: "gate"; gate: string }
  /** `denial`: it asks back whether and why it is denied; `asks`: not for a permission. */
  | { kind: "dialog"; denial?: true; asks?: "question" }
  | { kind: "unknown" };

/** What one row of a harness's `screen` makes of a screen. */
export interface ScreenRow {
  /** Where it stands in the harness's file, such as `screen.dialog[0]`. */
  field: string;
  matches: boolean;
  /** How many lines from the end that are not blank it meets; 0: the whole screen. */
  lines: number;
  /** Those of its patterns that are not there. */
  missing: readonly string[];
}

/** How a screen is read, and why. */
export interface ScreenExplanation {
  reading: ScreenReading;
  /** A running turn is seen: whatever matches `ready` then is not called ready. */
  busy: boolean;
  /** Text in the composer; undefined where none is seen. */
  composer?: string;
  /** Every row, in the order of the schema. */
  rows: readonly ScreenRow[];
}

/** One agent CLI as ao knows it. */
export interface Harness {
  readonly id: string;
  readonly displayName: string;
  readonly binaries: readonly string[];
  readonly capabilities: HarnessCapabilities;
  readonly traits: HarnessTraits;
  /** How it continues a conversation; undefined when it cannot. */
  readonly resumeBy?: ResumeBy;
  readonly permissionModes: readonly PermissionMode[];
  readonly events: readonly EventRow[];
  readonly evidence: Evidence;
  readonly evidenceVersion: string;
  readonly evidenceSource: string;
  /** Where the facts are known in another way than `evidence`. */
  readonly factNotes: readonly FactNote[];
  readonly promptDelivery: PromptDelivery;
  /** What ao cannot tell or does not do with this agent, a sentence each. */
  readonly limits: readonly string[];
  readonly gates: readonly Gate[];
  /** Files of hooks in the worktree, relative to it. */
  readonly worktreeFiles: readonly string[];
  /** Keys by tmux name. Empty or undefined: not supported. */
  readonly keys: {
    interrupt: readonly string[];
    /** Confirms a denial, once the screen shows that the agent asks back. */
    confirmDenial?: readonly string[];
    /** Empties the composer between turns. */
    clear?: readonly string[];
  };
  /**
   * Keys that give this answer to the permission dialog on a screen. Empty: the screen shows no such answer; undefined:
   * not supported.
   */
  answerKeys(answer: "approve" | "deny", screen: string): readonly string[] | undefined;
  /** Tells a process that the agent starts for itself and leaves behind, by its arguments: it is ended with the launch. */
  readonly isHelper?: (argv: readonly string[]) => boolean;
  /** Environment variable that names the binary, such as AO_CLAUDE_CODE_BIN. */
  readonly binaryVariable: string;
  /** Whether a launch's prompt is typed into the composer, because no command line takes it. */
  typesPrompt(launch: PromptedLaunch): boolean;
  /** Undefined when it is not installed. `env` gives PATH, HOME and the override variable. */
  locate(env: Readonly<Record<string, string | undefined>>): Promise<LocatedBinary | undefined>;
  /**
   * Throws HARNESS_SETUP_FAILED, UNSUPPORTED, INVALID_FIELD. Writes below `launchDir`; what it must write into the
   * worktree is hidden from git and noted there first.
   */
  prepare(plan: LaunchPlan): Promise<PreparedLaunch>;
  /** What an event means; undefined for an event the table does not know. */
  interpret(event: string, fields: SignalFields): Meaning | undefined;
  /** What ao keeps of a payload. `text` may be cut or not JSON. */
  extract(event: string, text: string): SignalFields;
  readScreen(text: string): ScreenReading;
  /** The same for a person: what each row says of the screen. */
  explainScreen(text: string): ScreenExplanation;
  /** Whether the screen shows a running turn; undefined where its screen is no witness of turns. */
  showsBusy?(text: string): boolean;
  /** How long its composer stands before a turn that only its screen tells of is over, ms. */
  readonly restMs: number;
  /** Whether a line of a transcript shows that there is a conversation to resume; undefined where any file will do. */
  readonly holdsConversation?: (transcriptLine: string) => boolean;
  /** The screen can show that the agent reads keys. */
  readonly readsReady: boolean;
  /** The screen can show that a dialog is open. */
  readonly readsDialog: boolean;
  /** Composers of this agent can be read at all. */
  readonly readsComposer: boolean;
  /** What stands in the composer, empty for a placeholder; undefined where none is seen. */
  readComposer(text: string): string | undefined;
}

export interface Harnesses {
  /**
   * Takes back what a launch wrote into its worktree, also after a crash; what others changed there since stays.
   * Idempotent; nothing to do for most agents.
   */
  release(launchDir: string): Promise<void>;
  /** In registry order. */
  list(): readonly Harness[];
  /** Throws HARNESS_NOT_FOUND. */
  get(id: string): Harness;
  find(id: string): Harness | undefined;
}
