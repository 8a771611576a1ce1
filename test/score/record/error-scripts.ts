import type { Script } from "./script.ts";
import { see, seeTurn, stopTurn, takeTurn } from "./steps.ts";

/** Errors of the model's service. */
export const ERROR_SCRIPTS: readonly Script[] = [
  {
    name: "errors",
    // Its tries again are over in a moment.
    except: ["copilot"],
    prompt: "SLOW 2;;ERR 400",
    async play(stage) {
      await seeTurn(stage, 2500);
      await stage.type(`ERR ${stage.passingError}`);
      await stopTurn(stage, { workMs: 5000 });
      await takeTurn(stage, "SLOW 2;;SAY fine");
      await stage.quit();
    },
  },
  {
    name: "error",
    only: ["gemini", "qwen", "copilot", "aider"],
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
    prompt: ({ passingError }) => `ERR ${passingError} 2;;SAY fine`,
    async play(stage) {
      await seeTurn(stage);
      await stage.quit();
    },
  },
  {
    name: "usage-limit",
    only: ["claude-code"],
    // The service sets such limits for the user of a plan, not of a key.
    environment: { ANTHROPIC_API_KEY: "", CLAUDE_CODE_OAUTH_TOKEN: `sk-ant-oat01-${"mock".repeat(12)}` },
    prompt: "SLOW 2;;SAY one",
    async play(stage) {
      await seeTurn(stage);
      await stage.type(`ERR 429 1 ${claudeLimit(25)};;SLOW 4;;SAY back`);
      await see(stage, "blocked", 4000);
      // It goes on by itself about a minute after the end of the limit.
      await seeTurn(stage);
      await stage.type(`ERR 429 ${claudeLimit(7200)}`);
      await see(stage, "blocked", 3000);
      await stage.quit();
    },
  },
  {
    name: "usage-limit",
    only: ["codex"],
    prompt: "SLOW 2;;SAY one",
    async play(stage) {
      await seeTurn(stage);
      await stage.type(`SLOW 2;;ERR 429 ${codexLimit(7200)}`);
      await see(stage, "blocked", 4000);
      await stage.quit();
    },
  },
];

/** What the service answers once a plan's session is used up, seconds before it begins anew. */
function claudeLimit(seconds: number): string {
  const reset = Math.round(Date.now() / 1000) + seconds;
  const headers = {
    "anthropic-ratelimit-unified-status": "rejected",
    "anthropic-ratelimit-unified-representative-claim": "five_hour",
    "anthropic-ratelimit-unified-reset": reset,
    "x-should-retry": "false",
  };
  return JSON.stringify({ headers, type: "rate_limit_error", message: "over the limit" });
}

function codexLimit(seconds: number): string {
  const resets_at = Math.round(Date.now() / 1000) + seconds;
  return JSON.stringify({
    type: "usage_limit_reached",
    code: "usage_limit_reached",
    message: "The usage limit has been reached",
    plan_type: "plus",
    resets_at,
  });
}
