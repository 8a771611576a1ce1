import type { Script } from "./script.ts";
import { approveDialog, killIn, SLEEP, see } from "./steps.ts";

/** Subagents of these only read, unasked, or are not offered. */
const except = ["vibe", "continue", "pi"];

/** Turns that give work to a subagent. */
export const SUBAGENT_SCRIPTS: readonly Script[] = [
  {
    name: "subagent",
    except,
    prompt: ({ ask }) => `TASK SLOW 2,,${ask(SLEEP)},,SLOW 2`,
    async play(stage) {
      await approveDialog(stage, 2000);
      // Grok asks for the subagent first, and then for its command.
      await stage.stay(5000);
      await stage.approveIfAsked();
      // Claude's root is idle meanwhile, and asks before it ends with a task in the background.
      await stage.stay(12_000);
      await see(stage, "idle", 1500);
      await stage.quit();
    },
  },
  {
    name: "subagent-denied",
    except,
    prompt: ({ ask }) => `TASK ${ask(SLEEP)}`,
    async play(stage) {
      await see(stage, "blocked", 2000);
      await stage.deny();
      await stage.stay(3000);
      await stage.until("idle");
      await stage.quit();
    },
  },
  {
    name: "killed-in-subagent",
    except,
    prompt: ({ ask }) => `TASK SLOW 2,,${ask(SLEEP)}`,
    play: (stage) => killIn(stage, { state: "blocked", ms: 2000, signal: "SIGKILL" }),
  },
];
