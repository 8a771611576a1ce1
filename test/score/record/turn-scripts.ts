import type { Script } from "./script.ts";
import { approveDialog, LONG_SLEEP, SLEEP, see, seeTurn, stopTurn, takeTurn } from "./steps.ts";

/** Turns: how they begin, follow each other, are stopped, and what becomes of their conversation. */
export const TURN_SCRIPTS: readonly Script[] = [
  {
    name: "interrupt",
    // While it writes it does not show that its turn runs.
    except: ["codex"],
    prompt: "HANG",
    async play(stage) {
      await stopTurn(stage);
      await stage.press("C-u");
      await stage.type("HANGMID so far");
      await stopTurn(stage);
      await stage.press("C-u");
      await stage.quit();
    },
  },
  {
    name: "stopped-thinking",
    only: ["codex", "aider"],
    prompt: "HANG",
    async play(stage) {
      await stopTurn(stage);
      await takeTurn(stage, "SLOW 3;;SAY fine");
      await stage.quit();
    },
  },
  {
    name: "stopped-at-work",
    prompt: ({ ask }) => `${ask(LONG_SLEEP)};;SAY done`,
    async play(stage) {
      await approveDialog(stage, 2000);
      await stopTurn(stage, { restMs: 2500 });
      await stage.quit();
    },
  },
  {
    name: "queued",
    prompt: "SLOW 5;;SAY first",
    async play(stage) {
      await see(stage, "active", 1500);
      await stage.type("SLOW 4;;SAY second");
      await stage.stay(3000);
      await see(stage, "idle", 3000);
      await stage.quit();
    },
  },
  clearCompact(
    ["claude-code", "codex", "kilocode", "cline", "grok", "vibe", "continue", "omp", "kimi"],
    "/compact",
  ),
  clearCompact(["droid"], "/compress"),
  {
    name: "new-compact",
    only: ["pi"],
    prompt: "SLOW 2;;SAY one",
    async play(stage) {
      await seeTurn(stage);
      await takeTurn(stage, "SLOW 2;;SAY and one");
      await stage.type("/compact");
      await stage.stay(4000);
      await stage.until("idle");
      await stage.type("/new");
      await stage.stay(3000);
      await takeTurn(stage, "SLOW 3;;SAY two");
      await stage.quit();
    },
  },
  {
    name: "auto-compact",
    only: ["kimi"],
    prompt: "SLOW 2;;FULL 300000;;RUN echo a;;SLOW 2;;SAY done",
    async play(stage) {
      await approveDialog(stage, 2000);
      await stage.stay(1000);
      // Its model begins the script again behind what was compacted.
      await approveDialog(stage, 2000);
      await stage.stay(1000);
      await see(stage, "idle", 3000);
      await takeTurn(stage, "SLOW 3;;SAY more");
      await stage.quit();
    },
  },
  {
    name: "auto-compact",
    except: ["kimi"],
    prompt: "SLOW 2;;FULL 300000;;RUN echo a;;SLOW 2;;SAY done",
    async play(stage) {
      await stage.until("active");
      await stage.stay(3000);
      await stage.approveIfAsked();
      await see(stage, "idle", 3000);
      await takeTurn(stage, "SLOW 3;;SAY more");
      await stage.quit();
    },
  },
  {
    name: "resumed",
    resumed: true,
    prompt: ({ ask }) => `SLOW 2;;${ask(SLEEP)};;SAY again`,
    async play(stage) {
      await approveDialog(stage, 2000);
      await seeTurn(stage, 2000);
      await takeTurn(stage, "SLOW 3;;SAY more");
      await stage.quit();
    },
  },
];

/** `compact` is what the agents call it. */
function clearCompact(only: readonly string[], compact: string): Script {
  return {
    name: "clear-compact",
    only,
    prompt: "SLOW 2;;SAY one",
    async play(stage) {
      await seeTurn(stage);
      await stage.type(compact);
      await stage.stay(4000);
      await stage.until("idle");
      await stage.type("/clear");
      await stage.stay(3000);
      await takeTurn(stage, "SLOW 3;;SAY two");
      await stage.quit();
    },
  };
}
