import type { Script } from "./script.ts";
import { approveDialog, leaveDialog, SLEEP, see, seeTurn, takeTurn } from "./steps.ts";

const only = ["claude-code"];

/** What Claude Code alone does. */
export const CLAUDE_SCRIPTS: readonly Script[] = [
  {
    name: "background",
    only,
    prompt: 'CALL Bash {"command":"node -e 1","description":"x","run_in_background":true};;SAY waiting',
    async play(stage) {
      await approveDialog(stage, 2000);
      await see(stage, "idle", 5000);
      await stage.until("idle");
      await stage.quit();
    },
  },
  {
    name: "plan",
    only,
    prompt: "SAY up",
    async play(stage) {
      await stage.until("idle");
      await stage.press("BTab", "BTab");
      await stage.stay(1500);
      await takeTurn(stage, "SLOW 2;;SAY planning");
      const file = await stage.asked(/\/[^"\\ ]*\/plans\/[^"\\ ]*\.md/);
      const write = `CALL Write {"file_path":"${file}","content":"first this, then that"}`;
      await stage.type(`${write};;CALL ExitPlanMode {};;SLOW 2;;SAY done`);
      await leaveDialog(stage, 2500);
      await stage.type("CALL ExitPlanMode {};;SLOW 4;;SAY done");
      await see(stage, "blocked", 2000);
      // The first choice would have its edits approved by a model of their own.
      await stage.press("2");
      await seeTurn(stage, 2000);
      await stage.quit();
    },
  },
  {
    name: "bash-mode",
    only,
    prompt: "SAY up",
    async play(stage) {
      await see(stage, "idle", 2000);
      await stage.type(`! ${SLEEP}`);
      await stage.stay(6500);
      await see(stage, "idle", 2000);
      await stage.quit();
    },
  },
  {
    name: "idle-notification",
    only,
    prompt: "SLOW 2;;SAY done",
    async play(stage) {
      await seeTurn(stage, 6000);
      await takeTurn(stage, "SLOW 3;;SAY more", 5000);
      await stage.quit();
    },
  },
  {
    name: "updated",
    only,
    ownProgram: "claude",
    prompt: ({ ask }) => `${ask(SLEEP)};;SAY one`,
    async play(stage) {
      await see(stage, "blocked", 1500);
      stage.update();
      await stage.stay(1500);
      await stage.approve();
      await seeTurn(stage);
      await takeTurn(stage, "SLOW 3;;SAY two");
      await stage.quit();
    },
  },
];
