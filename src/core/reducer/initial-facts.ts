import type { Facts } from "../session.ts";

/** What is known of a launch before its process starts. */
export interface NewLaunch {
  launchId: string;
  /** Epoch ms. */
  launchTime: number;
  /** A prompt is given at launch. */
  promptPending: boolean;
  /** It is typed, not given on the command line. */
  promptTyped?: boolean;
  /** No terminal: the agent denies by itself what nobody can answer. */
  headless: boolean;
}

/**
 * Facts of a fresh launch; title, summary, that it has conversed, and native ids with their transcripts of `previous`
 * outlive it, nothing else does.
 */
export function initialFacts(launch: NewLaunch, previous?: Facts): Facts {
  return {
    launchId: launch.launchId,
    launchTime: launch.launchTime,
    promptPending: launch.promptPending,
    ...(launch.promptTyped && { promptTyped: true }),
    headless: launch.headless,
    process: { state: "starting" },
    activity: { state: "idle", since: launch.launchTime, evidenceTime: 0 },
    requests: [],
    backgroundTasks: 0,
    ...(previous?.conversed && { conversed: true }),
    nativeSessionIds: previous?.nativeSessionIds ?? [],
    ...(previous?.transcripts && { transcripts: previous.transcripts }),
    title: previous?.title ?? "",
    summary: previous?.summary ?? "",
  };
}
