import type { TrueState } from "../../support/trace-file.ts";

/** What a script may do with an agent; every wait is for what the terminal shows. */
export interface Stage {
  /** Types a line and Enter, as a person does. */
  type(line: string): Promise<void>;
  /** Puts a line into the composer at once, as out of a clipboard, and presses Enter. */
  paste(line: string): Promise<void>;
  press(...keys: string[]): Promise<void>;
  /** Makes the terminal's window another size. */
  resize(columns: number, rows: number): Promise<void>;
  /** Waits until the terminal shows the state for at least half a second. */
  until(state: TrueState): Promise<void>;
  /** Lets time pass in a state. */
  stay(ms: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Whether it asks for permission at all. */
  asks: boolean;
  ask(command: string): string;
  /** HTTP status of an error that the agent tries again after. */
  passingError: number;
  /** What the pattern finds in the agent's requests to its model. */
  asked(pattern: RegExp): Promise<string>;
  approve(): Promise<void>;
  /** Approves where a dialog stands; not every agent asks for every command. */
  approveIfAsked(): Promise<void>;
  deny(): Promise<void>;
  /** Leaves a question unanswered. */
  leave(): Promise<void>;
  /** Replaces the program that runs, where `ownProgram` is. */
  update(): void;
  stop(): Promise<void>;
  /** Asks for a new conversation, and for a compaction of this one. */
  clear(): Promise<void>;
  compact(): Promise<void>;
  quit(): Promise<void>;
}

/** A scenario of one session, from its prompt to its end. */
export interface Script {
  name: string;
  /** Harnesses that can play it; all without. */
  only?: readonly string[];
  /** Harnesses that cannot play it. */
  except?: readonly string[];
  /** Empty: it starts without one. */
  prompt: string | ((stage: Pick<Stage, "ask" | "passingError">) => string);
  /** What is recorded is the launch that takes the conversation up again, with this prompt. */
  resumed?: boolean;
  /** Then: how the launch before ended; by its person's word by default. */
  endedBefore?: "killed_at_work";
  /** Of its user, beside what every session of the agent has. */
  environment?: Readonly<Record<string, string>>;
  /** Name of the agent's program, where it is to run from a copy that `update` may replace. */
  ownProgram?: string;
  play(stage: Stage): Promise<void>;
}
