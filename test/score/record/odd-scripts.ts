import type { Script } from "./script.ts";
import { approveDialog, denyDialog, LONG_SLEEP, SLEEP, see, seeTurn, stopTurn, takeTurn } from "./steps.ts";

/** Situations beside the way: shells, small terminals, conversations left, long waits. */
export const ODD_SCRIPTS: readonly Script[] = [
  {
    name: "bare",
    prompt: "",
    async play(stage) {
      await see(stage, "idle", 9000);
      await takeTurn(stage, "SLOW 3;;SAY one");
      await stage.paste(stage.ask(SLEEP));
      await approveDialog(stage, 1500);
      await seeTurn(stage);
      await stage.quit();
    },
  },
  {
    name: "resumed-bare",
    resumed: true,
    endedBefore: "killed_at_work",
    prompt: "",
    async play(stage) {
      await see(stage, "idle", 9000);
      await takeTurn(stage, "SLOW 3;;SAY one");
      await stage.quit();
    },
  },
  {
    name: "shell-mode",
    except: ["claude-code", "cline"],
    prompt: "SLOW 2;;SAY up",
    async play(stage) {
      await seeTurn(stage, 2000);
      await stage.type(`! ${SLEEP}`);
      await stage.stay(7500);
      await see(stage, "idle", 2000);
      await stage.press("Escape");
      await stage.stay(1000);
      await takeTurn(stage, "SLOW 3;;SAY done");
      await stage.quit();
    },
  },
  {
    name: "narrow",
    prompt: ({ ask }) => `SLOW 2;;${ask(SLEEP)};;SLOW 2;;SAY done`,
    async play(stage) {
      await stage.resize(48, 20);
      await approveDialog(stage, 2000);
      await seeTurn(stage);
      await stage.paste(stage.ask(SLEEP));
      await denyDialog(stage, 2000);
      await stage.resize(200, 50);
      await takeTurn(stage, "SLOW 3;;SAY done");
      await stage.quit();
    },
  },
  {
    name: "cleared-at-work",
    except: ["cline"],
    prompt: "SLOW 12;;SAY one",
    async play(stage) {
      await see(stage, "active", 2500);
      await stage.clear();
      await stage.stay(4000);
      await see(stage, "idle", 3000);
      await takeTurn(stage, "SLOW 4;;SAY two");
      await stage.quit();
    },
  },
  {
    name: "cleared",
    only: ["gemini", "qwen", "copilot", "opencode"],
    prompt: "SLOW 2;;SAY one",
    async play(stage) {
      await seeTurn(stage);
      await stage.clear();
      await stage.stay(3000);
      await takeTurn(stage, "SLOW 3;;SAY two");
      await stage.paste(stage.ask(SLEEP));
      await denyDialog(stage, 1500);
      await stage.quit();
    },
  },
  {
    name: "compacted",
    only: ["gemini", "qwen", "copilot", "opencode"],
    prompt: "SLOW 2;;SAY one",
    async play(stage) {
      await seeTurn(stage);
      await takeTurn(stage, "SLOW 2;;SAY two");
      await takeTurn(stage, "SLOW 5;;SAY three");
      await stage.compact();
      await stage.stay(7000);
      await see(stage, "idle", 2000);
      await takeTurn(stage, "SLOW 3;;SAY two");
      await stage.quit();
    },
  },
  {
    name: "compact-stopped",
    except: ["cline"],
    prompt: "SLOW 6;;SAY one",
    async play(stage) {
      await seeTurn(stage);
      await stage.compact();
      await stage.stay(2500);
      await stage.stop();
      await see(stage, "idle", 3000);
      await takeTurn(stage, "SLOW 3;;SAY two");
      await stage.quit();
    },
  },
  {
    name: "patience",
    prompt: ({ ask }) => `SLOW 135;;${ask(LONG_SLEEP)};;SAY done`,
    async play(stage) {
      await stage.until("active");
      await stage.stay(125_000);
      await see(stage, "blocked", 130_000);
      await stage.approve();
      await stopTurn(stage, { workMs: 3000 });
      await stage.quit();
    },
  },
];
