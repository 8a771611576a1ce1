import type { Evidence, HarnessCapabilities } from "../core/ports/harnesses.ts";
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
  traits: HarnessTraits;
  /** Values the second witness needs; the first candidate whose `{VARIABLES}` are all set wins. */
  witness: Readonly<Record<string, readonly string[]>>;
  screen: ScreenSpec;
  keys: KeySpec;
}

/** How the facts of a spec are known. */
export interface FactSource {
  evidence: Evidence;
  /** Version of the agent they were seen with. */
  version: string;
  source: string;
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
  /** The same with a conversation to continue; absent when the plain form takes `{resume}` too. */
  resume?: readonly ArgItem[];
  headlessResume?: readonly ArgItem[];
  permission: Readonly<Partial<Record<PermissionMode, PermissionSpec>>>;
  /** What to tell a user who asks for a mode that is missing. */
  permissionHint?: string;
  /** Added to the environment; `{name}` as in arguments. */
  env: Readonly<Record<string, string>>;
  /** Taken out of the environment. */
  unsetEnv: readonly string[];
}

/** What a permission mode adds to a launch. */
export interface PermissionSpec {
  args?: readonly string[];
  headlessArgs?: readonly string[];
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
      /** A settings file in the launch directory, named by a flag. */
      strategy: "claude-settings-file";
      /** Arguments; `{settings}` is the file. */
      args: readonly string[];
      timeoutSeconds: number;
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

/** What to look for on the screen. Regular expressions, matched (flag m) against the last lines that are not blank. */
export interface ScreenSpec {
  /** Version of the agent the patterns were seen with. */
  version: string;
  /** Named gates, checked first, in this order. */
  gates: readonly (ScreenPattern & { gate: string })[];
  dialog: readonly ScreenPattern[];
  /** Shows that the turn runs: never called ready. */
  busy: readonly ScreenPattern[];
  /** The empty composer. */
  ready: readonly ScreenPattern[];
  /** Its first group is the text in the composer; matched against the whole screen. */
  composer?: string;
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
  /** Empties the composer between turns. */
  clear?: readonly string[];
}
