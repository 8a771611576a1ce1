import type { TrueState } from "../../support/trace-file.ts";

/** What a script may do with an agent; every wait is for what the terminal shows. */
export interface Stage {
  /** Types a line and Enter, as a person does. */
  type(line: string): Promise<void>;
  press(...keys: string[]): Promise<void>;
  /** Waits until the terminal shows the state for at least half a second. */
  until(state: TrueState): Promise<void>;
  /** Lets time pass in a state. */
  stay(ms: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  ask(command: string): string;
  /** What the pattern finds in the agent's requests to its model. */
  asked(pattern: RegExp): Promise<string>;
  approve(): Promise<void>;
  /** Approves where a dialog stands; not every agent asks for every command. */
  approveIfAsked(): Promise<void>;
  stop(): Promise<void>;
  quit(): Promise<void>;
}

/** A scenario of one session, from its prompt to its end. */
export interface Script {
  name: string;
  /** Harnesses that can play it; all without. */
  only?: readonly string[];
  /** Harnesses that cannot play it. */
  except?: readonly string[];
  prompt: string | ((stage: Pick<Stage, "ask">) => string);
  /** What is recorded is the launch that takes the conversation up again, with this prompt. */
  resumed?: boolean;
  play(stage: Stage): Promise<void>;
}

const LONG_SLEEP = "node -e 'setTimeout(()=>{},60000)'";
/** Arguments of codex's tool that asks. */
const QUESTION =
  '{"questions":[{"id":"q1","header":"Way","question":"Which way?","options":[{"label":"A","description":"a"},{"label":"B","description":"b"}]}]}';
const SLEEP = "node -e 'setTimeout(()=>{},4000)'";

export const SCRIPTS: readonly Script[] = [
  {
    name: "permission",
    prompt: ({ ask }) => `${ask(SLEEP)};;SAY done`,
    async play(stage) {
      await stage.until("blocked");
      await stage.stay(2000);
      await stage.approve();
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      await stage.type(stage.ask(SLEEP));
      await stage.until("blocked");
      await stage.stay(1500);
      await stage.press("Escape");
      await stage.until("idle");
      await stage.stay(2000);
      await stage.quit();
    },
  },
  {
    name: "interrupt",
    // While it writes it does not show that its turn runs.
    except: ["codex"],
    prompt: "HANG",
    async play(stage) {
      await stage.until("active");
      await stage.stay(2500);
      await stage.stop();
      await stage.until("idle");
      await stage.stay(2000);
      await stage.press("C-u");
      await stage.type("HANGMID so far");
      await stage.until("active");
      await stage.stay(2500);
      await stage.stop();
      await stage.until("idle");
      await stage.stay(2000);
      await stage.press("C-u");
      await stage.quit();
    },
  },
  {
    name: "stopped-thinking",
    only: ["codex"],
    prompt: "HANG",
    async play(stage) {
      await stage.until("active");
      await stage.stay(2500);
      await stage.stop();
      await stage.until("idle");
      await stage.stay(2000);
      await stage.type("SLOW 3;;SAY fine");
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      await stage.quit();
    },
  },
  {
    name: "errors",
    // Its tries again are over in a moment.
    except: ["copilot"],
    prompt: "SLOW 2;;ERR 400",
    async play(stage) {
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(2500);
      await stage.type("ERR 529");
      await stage.until("active");
      await stage.stay(5000);
      await stage.stop();
      await stage.until("idle");
      await stage.stay(2000);
      await stage.type("SLOW 2;;SAY fine");
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      await stage.quit();
    },
  },
  {
    name: "queued",
    prompt: "SLOW 5;;SAY first",
    async play(stage) {
      await stage.until("active");
      await stage.stay(1500);
      await stage.type("SLOW 4;;SAY second");
      await stage.stay(3000);
      await stage.until("idle");
      await stage.stay(3000);
      await stage.quit();
    },
  },
  {
    name: "question",
    only: ["claude-code", "opencode", "kilocode", "cline"],
    prompt: "ASK Which way?",
    async play(stage) {
      await stage.until("blocked");
      await stage.stay(2500);
      await stage.press("Enter");
      await stage.until("idle");
      await stage.stay(1500);
      // Cline drops the first letter after a question.
      await stage.type(" ASK And now?");
      await stage.until("blocked");
      await stage.stay(1500);
      await stage.press("Escape");
      await stage.until("idle");
      await stage.stay(2000);
      await stage.quit();
    },
  },
  {
    name: "plan-question",
    // It asks questions in its plan mode only; elsewhere the tool fails at once.
    only: ["codex"],
    prompt: `CALL request_user_input ${QUESTION};;SLOW 3;;SAY up`,
    async play(stage) {
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      await stage.press("BTab");
      await stage.stay(1000);
      await stage.type(`CALL request_user_input ${QUESTION};;SLOW 3;;SAY done`);
      await stage.until("blocked");
      await stage.stay(2500);
      await stage.press("Enter");
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      await stage.type(`CALL request_user_input ${QUESTION};;SLOW 3;;SAY done`);
      await stage.until("blocked");
      await stage.stay(2000);
      await stage.press("Escape");
      await stage.until("idle");
      await stage.stay(2000);
      await stage.quit();
    },
  },
  {
    name: "killed-at-dialog",
    prompt: ({ ask }) => ask(SLEEP),
    async play(stage) {
      await stage.until("blocked");
      await stage.stay(2000);
      stage.kill("SIGKILL");
      await stage.until("exited");
    },
  },
  {
    name: "terminated-at-work",
    prompt: "SLOW 60",
    async play(stage) {
      await stage.until("active");
      await stage.stay(2500);
      stage.kill("SIGTERM");
      await stage.until("exited");
    },
  },
  {
    name: "background",
    only: ["claude-code"],
    prompt: 'CALL Bash {"command":"node -e 1","description":"x","run_in_background":true};;SAY waiting',
    async play(stage) {
      await stage.until("blocked");
      await stage.stay(1500);
      await stage.approve();
      await stage.until("idle");
      await stage.stay(5000);
      await stage.until("idle");
      await stage.quit();
    },
  },
  {
    name: "clear-compact",
    only: ["claude-code", "codex"],
    prompt: "SLOW 2;;SAY one",
    async play(stage) {
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      await stage.type("/compact");
      await stage.stay(4000);
      await stage.until("idle");
      await stage.type("/clear");
      await stage.stay(3000);
      await stage.type("SLOW 3;;SAY two");
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      await stage.quit();
    },
  },
  {
    name: "parallel-tools",
    only: ["claude-code", "opencode", "kilocode"],
    prompt: ({ ask }) => `${ask(SLEEP)};;${ask("node -e 2")};;SAY done`,
    async play(stage) {
      await stage.until("blocked");
      await stage.approve();
      await stage.until("active");
      await stage.until("blocked");
      await stage.stay(1500);
      await stage.approve();
      await stage.until("idle");
      await stage.stay(1500);
      await stage.quit();
    },
  },
  {
    name: "error",
    only: ["gemini", "qwen", "copilot"],
    prompt: "SLOW 2;;ERR 400",
    async play(stage) {
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(2500);
      await stage.type("SLOW 2;;SAY fine");
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      await stage.quit();
    },
  },
  {
    name: "stopped-at-work",
    prompt: ({ ask }) => `${ask(LONG_SLEEP)};;SAY done`,
    async play(stage) {
      await stage.until("blocked");
      await stage.stay(2000);
      await stage.approve();
      await stage.until("active");
      await stage.stay(2500);
      await stage.stop();
      await stage.until("idle");
      await stage.stay(2500);
      await stage.quit();
    },
  },
  {
    name: "error-recovers",
    // Its turn ends with the first error.
    except: ["cline"],
    prompt: "ERR 529 2;;SAY fine",
    async play(stage) {
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      await stage.quit();
    },
  },
  {
    name: "subagent",
    prompt: ({ ask }) => `TASK SLOW 2,,${ask(SLEEP)},,SLOW 2`,
    async play(stage) {
      await stage.until("blocked");
      await stage.stay(2000);
      await stage.approve();
      // Claude's root is idle meanwhile, and asks before it ends with a task in the background.
      await stage.stay(12_000);
      await stage.until("idle");
      await stage.stay(1500);
      await stage.quit();
    },
  },
  {
    name: "subagent-denied",
    prompt: ({ ask }) => `TASK ${ask(SLEEP)}`,
    async play(stage) {
      await stage.until("blocked");
      await stage.stay(2000);
      await stage.press("Escape");
      await stage.stay(3000);
      await stage.until("idle");
      await stage.quit();
    },
  },
  {
    name: "two-dialogs",
    prompt: ({ ask }) => `PAR ${ask(SLEEP)} || ${ask("node -e 3")};;SAY done`,
    async play(stage) {
      await stage.until("blocked");
      await stage.stay(2000);
      await stage.approve();
      await stage.stay(1000);
      await stage.until("blocked");
      await stage.stay(2000);
      await stage.approve();
      await stage.until("idle");
      await stage.stay(1500);
      await stage.quit();
    },
  },
  {
    name: "auto-compact",
    prompt: "FULL 300000;;RUN echo a;;SLOW 2;;SAY done",
    async play(stage) {
      await stage.stay(2000);
      await stage.approveIfAsked();
      await stage.until("idle");
      await stage.stay(3000);
      await stage.type("SLOW 3;;SAY more");
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      await stage.quit();
    },
  },
  {
    name: "plan",
    only: ["claude-code"],
    prompt: "SAY up",
    async play(stage) {
      await stage.until("idle");
      await stage.press("BTab", "BTab");
      await stage.stay(1500);
      await stage.type("SLOW 2;;SAY planning");
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      const file = await stage.asked(/\/[^"\\ ]*\/plans\/[^"\\ ]*\.md/);
      const write = `CALL Write {"file_path":"${file}","content":"first this, then that"}`;
      await stage.type(`${write};;CALL ExitPlanMode {};;SLOW 2;;SAY done`);
      await stage.until("blocked");
      await stage.stay(2500);
      await stage.press("Escape");
      await stage.until("idle");
      await stage.stay(2000);
      await stage.type("CALL ExitPlanMode {};;SLOW 4;;SAY done");
      await stage.until("blocked");
      await stage.stay(2000);
      // The first choice would have its edits approved by a model of their own.
      await stage.press("2");
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(2000);
      await stage.quit();
    },
  },
  {
    name: "bash-mode",
    only: ["claude-code"],
    prompt: "SAY up",
    async play(stage) {
      await stage.until("idle");
      await stage.stay(2000);
      await stage.type("! node -e 'setTimeout(()=>{},4000)'");
      await stage.stay(6500);
      await stage.until("idle");
      await stage.stay(2000);
      await stage.quit();
    },
  },
  {
    name: "idle-notification",
    only: ["claude-code"],
    prompt: "SLOW 2;;SAY done",
    async play(stage) {
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(6000);
      await stage.type("SLOW 3;;SAY more");
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(5000);
      await stage.quit();
    },
  },
  {
    name: "resumed",
    resumed: true,
    prompt: ({ ask }) => `SLOW 2;;${ask(SLEEP)};;SAY again`,
    async play(stage) {
      await stage.until("blocked");
      await stage.stay(2000);
      await stage.approve();
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(2000);
      await stage.type("SLOW 3;;SAY more");
      await stage.until("active");
      await stage.until("idle");
      await stage.stay(1500);
      await stage.quit();
    },
  },
  {
    name: "killed-in-subagent",
    prompt: ({ ask }) => `TASK SLOW 2,,${ask(SLEEP)}`,
    async play(stage) {
      await stage.until("blocked");
      await stage.stay(2000);
      stage.kill("SIGKILL");
      await stage.until("exited");
    },
  },
];
