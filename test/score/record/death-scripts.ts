import type { Script } from "./script.ts";
import { killIn, SLEEP } from "./steps.ts";

/** Agents whose process is ended from outside. */
export const DEATH_SCRIPTS: readonly Script[] = [
  {
    name: "killed-at-dialog",
    except: ["pi"],
    prompt: ({ ask }) => ask(SLEEP),
    play: (stage) => killIn(stage, { state: "blocked", ms: 2000, signal: "SIGKILL" }),
  },
  {
    name: "killed-at-work",
    only: ["pi"],
    prompt: "SLOW 60",
    play: (stage) => killIn(stage, { state: "active", ms: 2500, signal: "SIGKILL" }),
  },
  {
    name: "terminated-at-work",
    prompt: "SLOW 60",
    play: (stage) => killIn(stage, { state: "active", ms: 2500, signal: "SIGTERM" }),
  },
];
