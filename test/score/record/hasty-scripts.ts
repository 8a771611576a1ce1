import type { Script } from "./script.ts";
import { approveDialog, denyDialog, SLEEP, see, seeTurn, stopTurn, takeTurn } from "./steps.ts";

/** What impatient people do: one thing before the last one is over. */
export const HASTY_SCRIPTS: readonly Script[] = [
  {
    name: "denied-and-told",
    prompt: ({ ask }) => ask(SLEEP),
    async play(stage) {
      await see(stage, "blocked", 1500);
      await stage.deny();
      await stage.stay(300);
      await stage.paste("SLOW 3;;SAY instead");
      await seeTurn(stage);
      await stage.paste(`${stage.ask(SLEEP)};;SAY done`);
      await approveDialog(stage, 1500);
      await seeTurn(stage);
      await stage.quit();
    },
  },
  {
    name: "stopped-at-once",
    prompt: "SLOW 2;;SAY up",
    async play(stage) {
      await seeTurn(stage, 2500);
      await stage.paste("SLOW 8;;SAY one");
      await stage.stay(500);
      await stage.stop();
      await see(stage, "idle", 1500);
      await stage.press("C-u");
      await stage.paste("SLOW 4;;SAY two");
      await seeTurn(stage);
      await stage.quit();
    },
  },
  {
    name: "queued-and-stopped",
    prompt: "SLOW 20;;SAY one",
    async play(stage) {
      await see(stage, "active", 2000);
      await stage.paste("SLOW 4;;SAY two");
      await stage.stay(2500);
      await stage.stop();
      await stage.stay(8000);
      await stage.until("idle");
      await stage.press("C-u");
      await takeTurn(stage, "SLOW 3;;SAY three");
      await stage.quit();
    },
  },
  {
    name: "approved-and-denied",
    prompt: ({ ask }) => `PAR ${ask(SLEEP)} || ${ask("node -e 5")};;SLOW 2;;SAY done`,
    async play(stage) {
      await approveDialog(stage, 2000);
      await stage.stay(1000);
      await denyDialog(stage, 2000);
      await takeTurn(stage, "SLOW 3;;SAY fine");
      await stage.quit();
    },
  },
  {
    name: "draft",
    prompt: "SLOW 6;;SAY one",
    async play(stage) {
      await see(stage, "active", 1500);
      await stage.press(..."later");
      await see(stage, "idle", 2500);
      await stage.press("C-u");
      await stage.paste("SLOW 4;;SAY two");
      await seeTurn(stage);
      await stage.quit();
    },
  },
  {
    name: "ctrl-c",
    prompt: "SLOW 20;;SAY one",
    async play(stage) {
      await see(stage, "active", 2500);
      await stage.press("C-c");
      await see(stage, "idle", 2500);
      await stage.press("C-u");
      await stage.paste(stage.ask(SLEEP));
      await see(stage, "blocked", 2000);
      await stage.press("C-c");
      await see(stage, "idle", 2500);
      await stage.press("C-c", "C-c");
      await stage.until("exited");
    },
  },
  {
    name: "stopped-twice",
    prompt: ({ ask }) => ask(SLEEP),
    async play(stage) {
      await see(stage, "blocked", 1500);
      await stage.press("Escape");
      await stage.press("Escape");
      await see(stage, "idle", 2500);
      await stage.press("Escape");
      await stage.stay(1000);
      await stage.paste("SLOW 20;;SAY one");
      await stopTurn(stage);
      await stage.press("C-u");
      await stage.quit();
    },
  },
];
