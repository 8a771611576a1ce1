import type { Script } from "./script.ts";
import { seeTurn, stopTurn, takeTurn } from "./steps.ts";

/** Errors of the model's service. */
export const ERROR_SCRIPTS: readonly Script[] = [
  {
    name: "errors",
    // Its tries again are over in a moment.
    except: ["copilot"],
    prompt: "SLOW 2;;ERR 400",
    async play(stage) {
      await seeTurn(stage, 2500);
      await stage.type("ERR 529");
      await stopTurn(stage, { workMs: 5000 });
      await takeTurn(stage, "SLOW 2;;SAY fine");
      await stage.quit();
    },
  },
  {
    name: "error",
    only: ["gemini", "qwen", "copilot"],
    prompt: "SLOW 2;;ERR 400",
    async play(stage) {
      await seeTurn(stage, 2500);
      await takeTurn(stage, "SLOW 2;;SAY fine");
      await stage.quit();
    },
  },
  {
    name: "error-recovers",
    // Its turn ends with the first error.
    except: ["cline"],
    prompt: "ERR 529 2;;SAY fine",
    async play(stage) {
      await seeTurn(stage);
      await stage.quit();
    },
  },
];
