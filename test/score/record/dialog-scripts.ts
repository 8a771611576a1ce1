import type { Script } from "./script.ts";
import { approveDialog, denyDialog, leaveDialog, SLEEP, see, seeTurn } from "./steps.ts";

/** Call of codex's tool that asks. */
const QUESTION =
  'CALL request_user_input {"questions":[{"id":"q1","header":"Way","question":"Which way?","options":[{"label":"A","description":"a"},{"label":"B","description":"b"}]}]}';

/** Call of vibe's, which takes no argument that its schema does not know. */
const VIBES_QUESTION =
  'CALL ask_user_question {"questions":[{"question":"Which way?","header":"Way","options":[{"label":"A","description":"a"},{"label":"B","description":"b"}]}]}';

/** The same of OMP, which offers it to its model only once that looks for it. */
const OMP_QUESTION =
  'CALL ask {"questions":[{"id":"q1","question":"Which way?","options":[{"label":"A"},{"label":"B"}]}]}';

const COPILOTS_QUESTION =
  'CALL ask_user {"message":"Which way?","requestedSchema":{"type":"object","properties":{"way":{"type":"string","enum":["a","b"]}},"required":["way"]}}';

/** Dialogs, one or several, and how they are answered. */
export const DIALOG_SCRIPTS: readonly Script[] = [
  {
    name: "permission",
    except: ["pi"],
    prompt: ({ ask }) => `${ask(SLEEP)};;SAY done`,
    async play(stage) {
      await approveDialog(stage, 2000);
      await seeTurn(stage);
      await stage.type(stage.ask(SLEEP));
      await denyDialog(stage, 2000);
      await stage.quit();
    },
  },
  {
    name: "question",
    only: ["claude-code", "opencode", "kilocode", "cline", "droid", "grok", "gemini", "qwen"],
    prompt: "ASK Which way?",
    async play(stage) {
      await see(stage, "blocked", 2500);
      await stage.press("Enter");
      await see(stage, "idle", 1500);
      // Cline drops the first letter after a question.
      await stage.type(" ASK And now?");
      await leaveDialog(stage, 2000);
      await stage.quit();
    },
  },
  {
    name: "question-answered",
    // Nothing leaves its question but an answer.
    only: ["continue"],
    prompt: "ASK Which way?;;SLOW 3;;SAY so",
    async play(stage) {
      await see(stage, "blocked", 2500);
      await stage.press("Enter");
      await seeTurn(stage);
      await stage.type("ASK And now?;;SLOW 3;;SAY so");
      await see(stage, "blocked", 2000);
      await stage.type("left");
      await seeTurn(stage);
      await stage.quit();
    },
  },
  {
    name: "question",
    only: ["copilot"],
    prompt: `${COPILOTS_QUESTION};;SLOW 3;;SAY done`,
    async play(stage) {
      await see(stage, "blocked", 2500);
      await stage.press("Enter");
      await seeTurn(stage);
      await stage.type(`${COPILOTS_QUESTION};;SLOW 3;;SAY done`);
      await see(stage, "blocked", 2000);
      await stage.press("Escape");
      await see(stage, "idle", 3000);
      await stage.quit();
    },
  },
  {
    name: "question",
    only: ["vibe"],
    prompt: `${VIBES_QUESTION};;SLOW 3;;SAY done`,
    async play(stage) {
      await see(stage, "blocked", 2500);
      await stage.press("Enter");
      await seeTurn(stage);
      await stage.type(VIBES_QUESTION);
      await leaveDialog(stage, 2000);
      await stage.quit();
    },
  },
  {
    name: "question",
    only: ["kimi"],
    prompt: "ASK Which way?",
    async play(stage) {
      await see(stage, "blocked", 2500);
      await stage.press("Enter");
      await stage.stay(1500);
      // It asks whether that was all.
      await stage.press("Enter");
      await see(stage, "idle", 1500);
      await stage.type("ASK And now?");
      await leaveDialog(stage, 2000);
      await stage.quit();
    },
  },
  {
    name: "question",
    only: ["omp"],
    prompt: `${OMP_QUESTION};;SAY done`,
    async play(stage) {
      await see(stage, "blocked", 2500);
      await stage.press("Enter");
      await see(stage, "idle", 1500);
      await stage.type(`${OMP_QUESTION};;SAY done`);
      await leaveDialog(stage, 2000);
      await stage.quit();
    },
  },
  {
    name: "plan-question",
    // It asks questions in its plan mode only; elsewhere the tool fails at once.
    only: ["codex"],
    prompt: `${QUESTION};;SLOW 3;;SAY up`,
    async play(stage) {
      await seeTurn(stage);
      await stage.press("BTab");
      await stage.stay(1000);
      await stage.type(`${QUESTION};;SLOW 3;;SAY done`);
      await see(stage, "blocked", 2500);
      await stage.press("Enter");
      await seeTurn(stage);
      await stage.type(`${QUESTION};;SLOW 3;;SAY done`);
      await leaveDialog(stage, 2000);
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
      await approveDialog(stage, 2000);
      await see(stage, "idle", 1500);
      await stage.quit();
    },
  },
  {
    name: "two-dialogs",
    // Droid asks once for both.
    except: ["droid", "pi"],
    prompt: ({ ask }) => `PAR ${ask(SLEEP)} || ${ask("node -e 3")};;SAY done`,
    async play(stage) {
      await approveDialog(stage, 2000);
      await stage.stay(1000);
      await approveDialog(stage, 2000);
      await see(stage, "idle", 1500);
      await stage.quit();
    },
  },
];
