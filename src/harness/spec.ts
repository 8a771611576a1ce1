import type { Evidence, HarnessCapabilities, PromptDelivery, ResumeBy } from "../core/ports/harnesses.ts";
import type { HarnessTraits } from "../core/reduce-types.ts";
import type { PermissionMode } from "../core/session.ts";
import type { Meaning, SignalFields } from "../core/signal.ts";

/**
 * One agent CLI, as data: everything ao knows of it that is not shared machinery.
 *
 * Plain JSON values only (no functions, no RegExp objects), so that the same schema can be read from a file.
 */
export interface HarnessSpec {
  id: string;
  displayName: string;
  facts: FactSource;
  binary: BinarySpec;
  launch: LaunchSpec;
  hooks: HookSpec;
  /** Every installed event, each with what it means; the hooks strategy installs exactly these. */
  events: Readonly<Record<string, Meaning | readonly EventCase[]>>;
  /** Events the agent has that ao does not install; when one comes all the same it is a receipt. */
  otherEvents: readonly string[];
  payload: PayloadSpec;
  capabilities: HarnessCapabilities;
  /** What ao cannot tell or does not do with this agent, a sentence each. */
  limits: readonly string[];
  /** What may stand between a start and the first word, and who skips it. */
  gates: readonly GateSpec[];
  traits: HarnessTraits;
  /** Values the second witness needs; the first candidate whose `{VARIABLES}` are all set wins. */
  witness: Readonly<Record<string, readonly string[]>>;
  screen: ScreenSpec;
  keys: KeySpec;
  /**
   * Regular expression that some line of a transcript matches as soon as the agent can resume from it. Without it a
   * transcript that is there is believed.
   */
  transcriptHolds?: string;
}

/** What facts are about. */
export type FactArea =
  | "binary"
  | "launch"
  | "prompt"
  | "permission"
  | "resume"
  | "hooks"
  | "events"
  | "gates"
  | "screen"
  | "keys";

/** How a fact is known. */
export interface Fact {
  evidence: Evidence;
  source: string;
}

/** How the facts of a spec are known: all alike, but for the areas in `but`. */
export interface FactSource extends Fact {
  /** Version of the agent they were seen with or stand in the documents of; empty when none is known. */
  version: string;
  but?: Readonly<Partial<Record<FactArea, Fact>>>;
}

/** Where the binary is, and how it is asked for its version. */
export interface BinarySpec {
  names: readonly string[];
  /** Environment variable that names it. */
  variable: string;
  /** Directories searched after PATH, before the common ones; `~` is HOME. */
  extraDirs: readonly string[];
  /** A file of ao's own package, relative to `src/harness/`; nothing is searched then. */
  bundled?: string;
  versionArgs: readonly string[];
  /** Regular expression whose first group is the version. */
  versionPattern: string;
  /** Other programs have this name too: what does not tell a version is not the agent. */
  strict?: boolean;
  /**
   * Where npm's wrapper script keeps the real program: globs relative to the wrapper's own directory (symbolic links
   * resolved), with `{platform}` and `{arch}` of Node. The process ao starts must be the agent itself.
   */
  native: readonly string[];
}

/** What an argument may depend on. */
export type LaunchValue = "prompt" | "model" | "resume" | "permission" | "hooks";

/**
 * One or more arguments. A string is one argument, `{name}` in it is replaced once; `when` gives its arguments only
 * when the value is set; `insert` puts in a list computed elsewhere (`promptWords`: the prompt cut at each space, for
 * programs that join their arguments with spaces).
 */
export type ArgItem =
  | string
  | { when: LaunchValue; args: readonly string[] }
  | { insert: "permission" | "hooks" | "promptWords" };

/** How the agent is started. */
export interface LaunchSpec {
  /** In a terminal. */
  interactive: readonly ArgItem[];
  /** Without a terminal; absent when it cannot. Always needs a prompt. */
  headless?: readonly ArgItem[];
  /**
   * The same with a conversation to continue; absent when the plain form takes `{resume}` too. Without `{prompt}` a new
   * prompt is typed once the composer shows.
   */
  resume?: readonly ArgItem[];
  headlessResume?: readonly ArgItem[];
  /**
   * What `resume` continues; "id" when not given. `directory`: an agent that takes no id, and continues the last
   * conversation of the directory it was started in. Not one that continues the user's last one, wherever that was.
   */
  resumeBy?: ResumeBy;
  permission: Readonly<Partial<Record<PermissionMode, PermissionSpec>>>;
  /** What to tell a user who asks for a mode that is missing. */
  permissionHint?: string;
  /**
   * How the first prompt gets in: `in_command` as an argument; `after_start` typed when the composer shows, for agents
   * that take none on their command line.
   */
  prompt: PromptDelivery;
  /** Characters a prompt must not begin with on its command line, for agents without `--`: such a one is typed. */
  typedWhenFirst?: string;
  /** Added to the environment; `{name}` as in arguments. */
  env: Readonly<Record<string, string>>;
  /** Taken out of the environment. */
  unsetEnv: readonly string[];
  /** Argument of a process that the agent starts for itself alone and leaves behind: that is ended with the launch. */
  helperArgument?: string;
}

/** What a permission mode adds to a launch. */
export interface PermissionSpec {
  args?: readonly string[];
  headlessArgs?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Merged into the config the hooks strategy writes. */
  config?: JsonObject;
}

/** A JSON object. */
export type JsonObject = { readonly [key: string]: JsonValue };
/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** How ao's hooks reach the agent: a named strategy of `provision/` and its data. */
export type HookSpec =
  | {
      /** Files that name ao-hook, and what makes the agent read them. */
      strategy: "files";
      files: readonly HookFile[];
      mirror?: MirrorSpec;
      trust?: TrustSpec;
      /** Arguments; `{dir}` is the launch directory. */
      args: readonly string[];
      /**
       * Environment; `{dir}` is the launch directory, `{NAME}` a variable of the agent's environment. Of several values
       * the first whose variables are all set.
       */
      env: Readonly<Record<string, string | readonly string[]>>;
      /** The agent keeps its environment from its hooks: their commands carry launch and spool themselves. */
      hidesEnvironment?: boolean;
    }
  | {
      /** An inline table in a config flag, trusted by the hash that the agent itself reports. */
      strategy: "codex-config-flag";
      /** Arguments; `{hooks}` is the table. */
      args: readonly string[];
      timeoutSeconds: number;
      /** Arguments that start the server which lists hooks; `{hooks}` is the table without trust. */
      serverArgs: readonly string[];
    }
  | {
      /** A plugin file in the launch directory, named in a config variable. */
      strategy: "opencode-plugin";
      /** Config variable, merged with the user's value. */
      variable: string;
      /** Plugin file, relative to `src/harness/`. */
      asset: string;
      /** Variable that names a file with the prompt of a resumed conversation, which the plugin submits. */
      promptVariable: string;
      /** Variable with the environment, as JSON, that the plugin gives back to the agent's commands. */
      restoreVariable: string;
    }
  | {
      /** The agent calls ao-hook by itself. */
      strategy: "environment";
      /** Variable that names ao-hook. */
      variable: string;
    }
  | { strategy: "none" };

/**
 * Where a file of hooks stands: `launch` is ao's own directory; `worktree` is the agent's work tree, where a file is
 * hidden from git, merged with what is there, and taken back at the end (provision/worktree-files.ts).
 */
export type HookPlace = "launch" | "worktree";

/** One file that makes the agent call ao-hook. `{event}` and `{command}` are filled in for every installed event. */
export type HookFile =
  | {
      kind: "json";
      place: HookPlace;
      path: string;
      /** The user's file that this one stands in for: the first that exists is merged under ours. */
      base?: readonly string[];
      /** What the file says beside the hooks. */
      content?: JsonObject;
      hooks?: HookEntries;
      /** The permission mode's `config` goes in too. */
      permissionConfig?: boolean;
    }
  | {
      /** `[[table]]` entries of a TOML file, added after what `base` or the worktree's own file says. */
      kind: "toml";
      place: HookPlace;
      path: string;
      base?: readonly string[];
      table: string;
      entry: TomlTable;
      /** Entries of events that are written in another way. */
      entryOf?: Readonly<Record<string, TomlTable>>;
    }
  | {
      /** A directory with one executable for each event. */
      kind: "scripts";
      place: HookPlace;
      path: string;
      /** Runs after ours, where the agent looks in one directory only: `{event}` and variables are filled in. */
      userScript?: string;
    }
  | {
      /** A file of ao's own, relative to `src/harness/`. */
      kind: "asset";
      place: HookPlace;
      path: string;
      asset: string;
    };

/** One table of a TOML file. */
export type TomlTable = Readonly<Record<string, string | number | boolean>>;

/** How a JSON file lists hooks. */
export interface HookEntries {
  /** Keys that lead to the list. */
  at: readonly string[];
  /** `by_event`: an object with a list for each event; `list`: one list for all. */
  shape: "by_event" | "list";
  entry: JsonObject;
  /** Entries of events that are written in another way. */
  entryOf?: Readonly<Record<string, JsonObject>>;
}

/** A private copy of an agent's own directory: links to all that is in it, and our files as its own. */
export interface MirrorSpec {
  /** The user's directory: the first whose variables are set. */
  from: readonly string[];
  /** Below the launch directory. */
  to: string;
  /** Directories the agent makes there itself and must find again in the next launch. */
  make: readonly string[];
  /** Files the agent makes there itself: linked although they do not exist yet. */
  expect: readonly string[];
}

/** An agent that keeps trust by directory trusts a worktree as it trusts the worktree's repository. */
export type TrustSpec = TrustListSpec | TrustRecordSpec;

/** One file lists the directories; a variable says that the worktree is trusted. */
export interface TrustListSpec {
  /** JSON file of directories: the first that exists. */
  file: readonly string[];
  /** Values that trust the directory and all below it. */
  folder: readonly string[];
  /** Values that trust the directory's parent. */
  parent: readonly string[];
  /** Added to the environment when the repository is trusted. */
  env: Readonly<Record<string, string>>;
}

/** Each trusted directory has a JSON file of its own; the worktree's stands in the mirror alone. */
export interface TrustRecordSpec {
  /** The user's directory of such files: the first whose variables are set. */
  records: readonly string[];
  /** The same in the mirror. */
  to: string;
  /**
   * A file's name: `{slug}` is the directory's last part in lower case, at most 40 characters, anything but a-z 0-9 . _ -
   * as one dash; `{hash}` the first 12 digits of the SHA-256 of its path.
   */
  name: string;
  /** Key of the directory's path in it. */
  pathKey: string;
}

/** Fields of a signal that come from a payload. */
export type PayloadField = Exclude<
  keyof SignalFields,
  "toolInputDigest" | "backgroundTasks" | "partial" | "pid" | "pidStartTicks" | "exitCode" | "exitSignal"
>;

/** Where the fields stand in a payload: paths such as `tool_name` or `tool.callID`, the first that is set wins. */
export interface PayloadSpec {
  fields: Readonly<Partial<Record<PayloadField, readonly string[]>>>;
  /** Where the tool's input is; only its digest is kept. */
  toolInput: readonly string[];
  /** Keys of the input that differ between a request and the tool's own events; left out of the digest. */
  toolInputIgnored: readonly string[];
  /** Where the list of background tasks is; those whose `status` is "running" are counted. */
  backgroundTasks: readonly string[];
}

/** One condition on a field. */
export type Condition =
  | { field: keyof SignalFields; equals: string }
  | { field: keyof SignalFields; in: readonly string[] }
  | { field: keyof SignalFields; startsWith: string }
  | { field: keyof SignalFields; contains: string }
  | { field: keyof SignalFields; present: boolean };

/** One row of the event table: all conditions must hold; the first row that does decides. */
export interface EventCase {
  when?: readonly Condition[];
  means: Meaning;
}

/** A dialog before the agent works. */
export interface GateSpec {
  gate: string;
  /** `skipped` by ao's flag or variable; `named` by its screen; `hidden`: shows as a start without a word. */
  how: "skipped" | "named" | "hidden";
  /** What the user does once, or what ao gives. */
  note: string;
}

/** What to look for on the screen. Regular expressions, matched (flag m) against the last lines that are not blank. */
export interface ScreenSpec {
  /** Version of the agent the patterns were seen with. */
  version: string;
  /** Gates as they look, checked first, in this order. */
  gates: readonly (ScreenPattern & { gate: string })[];
  /** `asks`: what is asked there, where that is no permission. */
  dialog: readonly (ScreenPattern & { asks?: "question" })[];
  /** The agent asks back whether and why its dialog is denied, where it does. */
  denial?: readonly ScreenPattern[];
  /** Shows that the turn runs: never called ready. */
  busy: readonly ScreenPattern[];
  /** The empty composer. */
  ready: readonly ScreenPattern[];
  /**
   * The last witness: a turn of which `busy` was seen and then `ready` stands is over, and one runs where `busy` shows in
   * a terminal that was idle, where no event said so. Of an agent without hooks it is the only one, of all turns and
   * dialogs. What `dialog` shows in a running turn counts without it.
   */
  tellsTurns?: boolean;
  /**
   * Without hooks: how long the composer stands, with no sign of a turn, before the turn is called over, ms; 2000 when not
   * given. Longer than it shows between two steps of a turn.
   */
  restMs?: number;
  /** Its first group is the text in the composer; matched against the whole screen. */
  composer?: string;
  /** What each line of the composer has beside the text, such as borders: every match is taken out. */
  composerMargin?: string;
  /** Texts an empty composer shows, each matched against all of what stands in it. */
  placeholders?: readonly string[];
}

/** A pattern holds when every expression matches within the last `lines` lines. */
export interface ScreenPattern {
  lines: number;
  all: readonly string[];
}

/** Keys by tmux name, pressed one at a time. */
export interface KeySpec {
  interrupt: readonly string[];
  approve?: readonly string[];
  deny?: readonly string[];
  /** Confirms a denial: pressed once `screen.denial` shows that the agent asks back. */
  confirmDenial?: readonly string[];
  /**
   * Where a dialog numbers its answers anew each time: the row of each answer, whose first group is its key. Matched
   * (flag m) against the last 20 lines that are not blank; they stand for `approve` and `deny`.
   */
  rows?: { readonly approve: string; readonly deny: string };
  /** Empties the composer between turns. */
  clear?: readonly string[];
}
