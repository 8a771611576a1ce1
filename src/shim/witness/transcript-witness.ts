import type { Signal, SignalFields } from "../../core/signal.ts";
import type { WitnessedLaunch, WitnessSource } from "../witness-source.ts";
import { processIn, processOf } from "./agent-process.ts";
import { createLatePrompts, type LatePromptHooks, NO_LATE_PROMPTS } from "./late-prompts.ts";
import { createLaunchRoutes, type LaunchWitness } from "./launch-routes.ts";
import { createLease } from "./lease.ts";
import type { LineTail } from "./line-tail.ts";
import { createLookout } from "./lookout.ts";
import { createPathWatch } from "./path-watch.ts";
import { isRunning, type ProcessIdentity } from "./process-identity.ts";
import { isRootsHook } from "./roots-hook.ts";
import { type TranscriptEvent, transcriptTestimony } from "./transcript-event.ts";
import { createTurnStory } from "./turn-story.ts";
import type { WitnessDeps } from "./witness-deps.ts";
import { type Testimony, witnessSignal } from "./witness-signal.ts";

/** An agent's transcript, as far as agents differ. */
export interface Transcript {
  /** First word of the testimonies' ids. */
  source: string;
  /** Opens the transcript at `path`. */
  open(path: string): LineTail<TranscriptEvent>;
  /** Where a hook of the root says that the transcript is; undefined when it does not. */
  pathIn(signal: Signal, launch: WitnessedLaunch): string | undefined;
  /** Where the transcript of a running process is, for launches whose hooks were told to a shim before. */
  find?(agent: ProcessIdentity, launch: WitnessedLaunch): Promise<string | undefined>;
  /**
   * Whether the agent may work in another transcript by now, without a hook that says so: where one is found it is
   * followed. Asked at each look: cheap.
   */
  isLeft?(path: string): boolean;
  /** Longest time between two searches; 30 s by default, for those that list many directories. */
  searchMs?: number;
  /**
   * The prompt of a turn that is stopped at once may be written behind the end: so soon it begins nothing, unless a hook
   * told of it since. The end is what the transcript calls interrupted, or a hook.
   */
  latePrompts?: LatePromptHooks;
  /** Looks beside the transcript when the turn ended, for ends that it leaves out: their time. */
  end?: TurnEnd;
}

/** A second file that says that the turn is over. */
export interface TurnEnd {
  /** The file that changes then. */
  fileOf(transcript: string): string;
  /** When it last said so, epoch ms; undefined while the turn runs and whenever it cannot be told. */
  read(transcript: string): Promise<number | undefined>;
}

/** Asking for the transcript costs a listing of directories: ever less often. */
const MAX_SEARCH_MS = 30_000;

/** A second witness that follows an agent's transcript, line by line. */
export function createTranscriptWitness(transcript: Transcript, deps: WitnessDeps): WitnessSource {
  return createLaunchRoutes((launch, emit) => {
    const say = (testimony: Testimony) => emit(witnessSignal(launch, testimony));
    return witnessLaunch({ transcript, launch, say, ...deps });
  });
}

interface TranscriptLaunch extends WitnessDeps {
  transcript: Transcript;
  launch: WitnessedLaunch;
  say: (testimony: Testimony) => void;
}

function witnessLaunch(given: TranscriptLaunch): LaunchWitness {
  const { transcript, launch, say, clock, log, pollMs, leaseMs } = given;
  const { source, end, searchMs: longestSearchMs = MAX_SEARCH_MS } = transcript;
  let agent = processOf(launch);
  let path: string | undefined;
  let hintTime = 0;
  const late = transcript.latePrompts ? createLatePrompts(transcript.latePrompts) : NO_LATE_PROMPTS;
  let activeTime = Number.NEGATIVE_INFINITY;
  let tail: LineTail<TranscriptEvent> | undefined;
  let search = { next: Number.NEGATIVE_INFINITY, every: pollMs };
  const lease = createLease(clock, leaseMs);
  const watch = createPathWatch(() => lookout.wake(), log);
  const endWatch = createPathWatch(() => lookout.wake(), log);
  const story = createTurnStory({ since: launch.launchTime, tell });
  const lookout = createLookout({ clock, log, pollMs, look });

  async function look(): Promise<void> {
    const found = path ?? (await findPath());
    // A hook may have named it meanwhile.
    path ??= found;
    if (path === undefined) return;
    if (tail?.path !== path) tail = transcript.open(path);
    watch.follow(path);
    for (const event of await tail.read()) take(event);
    if (transcript.isLeft?.(path)) await moveOn();
    if (end) {
      endWatch.follow(end.fileOf(path));
      const at = story.isRunning() ? await end.read(path) : undefined;
      if (at !== undefined) story.take({ kind: "idle", at, key: "end" });
    }
    if (lease.isDue() && story.isRunning() && agent && isRunning(agent)) say(lease.renew(source, whose()));
  }

  async function moveOn(): Promise<void> {
    const left = path;
    const next = await findPath();
    // A hook may have named it meanwhile.
    if (next === undefined || next === left || path !== left) return;
    path = next;
    lookout.wake();
  }

  function take(event: TranscriptEvent): void {
    if (event.kind === "active" && late.isLate(event.at)) return;
    if (event.kind === "active") activeTime = event.at;
    if (event.kind === "interrupted") late.ended(event.at);
    story.take(event);
  }

  /** The end may come to be known before what was written behind it, or after that. */
  function noteEnd(): void {
    if (story.isRunning() && late.isLate(activeTime))
      story.take({ kind: "idle", at: activeTime, key: "late" });
  }

  function whose(): SignalFields {
    return { pid: agent?.pid };
  }

  function tell(event: TranscriptEvent): void {
    if (event.kind === "active" || event.kind === "approved") lease.begin(event.at);
    else lease.end();
    const testimony = transcriptTestimony(event, { source, whose: whose() });
    if (testimony) say(testimony);
  }

  async function findPath(): Promise<string | undefined> {
    const now = clock.monotonic();
    if (!transcript.find || !agent || now < search.next) return undefined;
    search = { next: now + search.every, every: Math.min(search.every * 2, longestSearchMs) };
    return isRunning(agent) ? transcript.find(agent, launch) : undefined;
  }

  return {
    hint(signal) {
      const started = processIn(signal);
      if (isRootsHook(signal) && late.heard(signal)) noteEnd();
      const told = isRootsHook(signal) ? transcript.pathIn(signal, launch) : undefined;
      if (started) {
        agent = started;
        search = { next: Number.NEGATIVE_INFINITY, every: pollMs };
      } else if (told !== undefined && signal.observedTime >= hintTime) {
        path = told;
        hintTime = signal.observedTime;
      } else return;
      lookout.wake();
    },
    stop() {
      lookout.stop();
      watch.close();
      endWatch.close();
    },
  };
}
