import { CLAUDE_SCRIPTS } from "./claude-scripts.ts";
import { DEATH_SCRIPTS } from "./death-scripts.ts";
import { DIALOG_SCRIPTS } from "./dialog-scripts.ts";
import { ERROR_SCRIPTS } from "./error-scripts.ts";
import { HASTY_SCRIPTS } from "./hasty-scripts.ts";
import { ODD_SCRIPTS } from "./odd-scripts.ts";
import type { Script } from "./script.ts";
import { SUBAGENT_SCRIPTS } from "./subagent-scripts.ts";
import { TURN_SCRIPTS } from "./turn-scripts.ts";

/** Every scenario that is recorded. */
export const SCRIPTS: readonly Script[] = [
  ...DIALOG_SCRIPTS,
  ...TURN_SCRIPTS,
  ...ERROR_SCRIPTS,
  ...SUBAGENT_SCRIPTS,
  ...DEATH_SCRIPTS,
  ...CLAUDE_SCRIPTS,
  ...HASTY_SCRIPTS,
  ...ODD_SCRIPTS,
];
