import { AoError } from "../../core/errors.ts";
import { shownLines } from "../../core/text/shown-lines.ts";
import type { ScreenExplanation } from "../client-types.ts";
import { type StepWorld, signalsOf } from "./step-world.ts";

/** What was there when a step failed, for whoever has to find out why. */
export interface Findings {
  /** The last lines on its terminal that are not blank. */
  screen: string[];
  /** How ao reads that terminal, of a harness of the user's own. */
  reading?: ScreenExplanation;
  /** Events the agent reported during the step, in order, as `Stop (turn_end)`. */
  events: string[];
  /** No hook has ever come from it. */
  silent: boolean;
  /** Every event of the step names an agent, as only a subagent's should. */
  ofSubagent: boolean;
  /** What to try in the file of a harness of the user's own. */
  advice?: string;
  /** What the daemon's log says of a bug of ao's own. */
  log?: string[];
}

const SCREEN_LINES = 60;
const SHOWN_LINES = 15;

/** Looks at terminal and log; `before` is the number of signals there were when the step began. */
export async function whatWasThere(world: StepWorld, before: number): Promise<Findings> {
  const signals = await signalsOf(world);
  const hooks = (rows: typeof signals) => rows.filter(({ signal }) => signal.kind === "hook");
  const during = hooks(signals.slice(before));
  return {
    ...(await screenOf(world)),
    events: during.map(({ signal, meaning }) => `${signal.event} (${meaning})`),
    ofSubagent: during.length > 0 && during.every(({ signal }) => signal.fields.agentId !== undefined),
    silent: world.harness.capabilities.hooks && hooks(signals).length === 0,
  };
}

async function screenOf(world: StepWorld): Promise<Pick<Findings, "screen" | "reading">> {
  const { client, sessionId, harness } = world;
  try {
    const text = await client.sessions.terminal({ sessionId, lines: SCREEN_LINES });
    const screen = shownLines(text).map((line) => line.trimEnd());
    const isOwn = harness.filePath !== "";
    const read = isOwn
      ? await client.harnesses.readScreen({ harnessId: harness.id, screen: text })
      : undefined;
    return { screen: screen.slice(-SHOWN_LINES), ...(read?.explanation && { reading: read.explanation }) };
  } catch (error) {
    // An agent that ended may have taken its terminal with it.
    if (error instanceof AoError) return { screen: [error.message] };
    throw error;
  }
}
