import { lateWord } from "./late-word.ts";
import { idleAfterWork, path, reachIdle, relaunch, type StepWorld } from "./step-world.ts";
import { TimelineError } from "./timeline.ts";

const SCREEN_LINES = 200;

/**
 * Ends the agent, restores it, and sees that the conversation goes on: by the way the harness declares, under the id
 * that way leads to, and with what was said before.
 *
 * Throws TimelineError where it does not.
 */
export async function resume(world: StepWorld): Promise<string> {
  const { prompts, number, harness } = world;
  const asks = prompts.say.includes(number);
  if (asks && world.toldLaunchId !== world.launchId) await tellAnew(world);
  const mark = world.timeline.mark();
  const before = await relaunch(world, { prompt: asks ? prompts.resume : prompts.say });
  const mode = harness.resumeBy === "directory" ? "resume_last" : "resume";
  if (before.mode !== mode) throw new TimelineError(`came back by "${before.mode}", not by "${mode}"`);
  await reachIdle(world, mark, "idle after the restore", idleAfterWork());
  const id = await expectId(world, before.nativeSessionId);
  if (asks) await expectMemory(world);
  const known = asks ? "shows what was said before" : "what was said before was not asked for";
  return `${path(world, mark)}; ${known}${id && `; conversation ${id}`}`;
}

/** A step that failed had the agent started anew: what it is to remember is said in the conversation that stands now. */
async function tellAnew(world: StepWorld): Promise<void> {
  const mark = world.timeline.mark();
  await relaunch(world, { prompt: world.prompts.say, fresh: true });
  await reachIdle(world, mark, "idle after a prompt in a new launch", idleAfterWork());
}

/** Waits for the id this way of resuming leads to: of a directory's last conversation it may be any, or none. */
async function expectId(world: StepWorld, before: string): Promise<string> {
  const { client, sessionId, harness } = world;
  const isMeant = (id: string) => {
    switch (harness.resumeBy) {
      case "directory":
        return true;
      case "copy":
        return id !== before;
      case "id":
      case undefined:
        return id === before;
    }
  };
  return lateWord(
    async () => (await client.sessions.get(sessionId)).nativeSessionId,
    isMeant,
    (id) => (id === before ? `conversation "${id}" got no copy` : `conversation "${before}" became "${id}"`),
  );
}

/** The model answers with the number, or its terminal shows the conversation that held it: a new one has neither. */
async function expectMemory({ client, sessionId, number }: StepWorld): Promise<void> {
  await lateWord(
    () => client.sessions.terminal({ sessionId, lines: SCREEN_LINES }),
    (text) => text.includes(number),
    () => `another conversation: its terminal does not show the number ${number}, which was said before`,
  );
}
