import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Status } from "../../src/core/session.ts";

/** Where an agent of a test lives. */
export interface AgentPlace {
  home: string;
  /** Root of the repository whose worktrees it works in. */
  repository: string;
  /** Private directory for what it keeps for a while. */
  temporary: string;
  /** Port of its model on loopback. */
  port: number;
}

/** What the scenarios must know of an agent: its user's set-up and its keys. */
export interface Agent {
  harness: string;
  /** Another version than the one its table was seen with. */
  version?: string;
  /** Writes what a user of the agent has set up long ago (login, trust, provider) and returns the environment. */
  seed(place: AgentPlace): Record<string, string>;
  /** Files of the user's that neither ao nor the agent may change, below HOME. */
  userFiles: readonly string[];
  /** Script line that makes the agent ask for permission to run a command. */
  ask(command: string): string;
  /** What the agent calls the tool it asks for. */
  tool: string;
  /**
   * Keys of a person who approves at the dialog, who denies there, who leaves a question unanswered (Escape without), and
   * who stops a turn.
   */
  keys: {
    approve: readonly string[];
    deny?: readonly string[];
    leave?: readonly string[];
    stop: readonly string[];
  };
  /** What its terminal shows while a turn runs, while a dialog is open, and, where it does, the rest. */
  screen: {
    running: RegExp;
    dialog: RegExp;
    /** The empty composer, of an agent that takes no prompt on its command line: its person types the first one, too. */
    ready?: RegExp;
    /** It compacts the conversation. */
    compacting?: RegExp;
    /** A usage limit stops it; wherever on the screen. */
    limit?: RegExp;
    /** How many lines at the end of its screen may show it; 16 by default. */
    lines?: number;
  };
  /** Typed command that ends the agent. */
  quit: string;
  /** Typed command that begins a new conversation; `/clear` by default. */
  clear?: string;
  /** Typed command that compacts the conversation; `/compact` by default. */
  compact?: string;
  /** What it becomes after a denial: opencode's turn goes on for a moment. */
  denied: readonly Status[];
  /** What it becomes when a message that was queued in mid-turn has its turn; without it the turn goes on. */
  queued?: readonly Status[];
  /** What nothing it tells or writes says: its prompts, the tool a dialog is about, that and why a turn failed. */
  untold?: readonly ("prompt" | "tool" | "failure")[];
  /** HTTP status of an error of its model's that it tries again after; 529 by default. */
  passingError?: number;
  /** Steps of `ao harness test` that it, or its model here, cannot do. */
  cannot?: readonly string[];
  /** Killed in compaction, it tells its model nothing of what went before: what is left is the conversation's id. */
  forgetsCompacted?: boolean;
  /** Steps of `ao harness test` whose words it does not tell its model when the conversation goes on. */
  forgetsResumed?: readonly string[];
  /** The process ao starts is npm's launcher, the agent its only child. */
  isChild?: boolean;
  /** It offers its model no tools. */
  withoutTools?: boolean;
  /** It has a tool that asks a person a question. */
  asksQuestions: boolean;
  /** What it becomes until its subagent asks for permission, and once that is given; absent where none was seen to. */
  subagents?: { asking: readonly Status[]; approved: readonly Status[] };
}

/** Writes a file of the user's below HOME. */
export function writeUserFile(home: string, path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}

/** The agent's own process, given the one ao has started. */
export function ownProcess({ isChild }: Agent, pid: number): number {
  if (!isChild) return pid;
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  return Number(child);
}

/** Digest of each of the agent's user files; empty where there is none. */
export function digestUserFiles(agent: Agent, home: string): Record<string, string> {
  const digest = (path: string) =>
    existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : "";
  return Object.fromEntries(agent.userFiles.map((path) => [path, digest(join(home, path))]));
}
