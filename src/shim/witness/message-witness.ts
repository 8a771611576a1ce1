import type { Signal } from "../../core/signal.ts";
import { readRows } from "../../util/read-rows.ts";
import type { WitnessedLaunch, WitnessSource } from "../witness-source.ts";
import { processIn, processOf } from "./agent-process.ts";
import { fileMark } from "./file-mark.ts";
import { createLaunchRoutes, type LaunchWitness } from "./launch-routes.ts";
import { createLease } from "./lease.ts";
import { createLookout } from "./lookout.ts";
import { MESSAGE_COLUMNS, type MessageRow, messageEvents } from "./message-turn.ts";
import { isRunning } from "./process-identity.ts";
import { isRootsHook } from "./roots-hook.ts";
import { transcriptTestimony } from "./transcript-event.ts";
import { createTurnStory } from "./turn-story.ts";
import type { WitnessDeps } from "./witness-deps.ts";
import { type Testimony, witnessSignal } from "./witness-signal.ts";

/** What others write need not be looked into every second while nothing of this one runs. */
const REST_GAP_MS = 5_000;

const NEWEST = `select ${MESSAGE_COLUMNS} from message where session_id = ? order by time_created desc, id desc limit 1`;
const OWN_CONVERSATION = `select id from session where directory = ? and parent_id is null and time_updated >= ?
  order by time_updated desc limit 1`;

/**
 * The second witness of opencode's family: the newest message of the conversation in the database of all of them,
 * `witness.database`. Sees a turn's end that the plugin did not tell. Blind to dialogs.
 *
 * Looks once a poll and only where the database was written to: whatever any conversation of the user's writes would
 * wake all witnesses, and the plugin is quicker anyway.
 */
export function createMessageWitness(source: string, deps: WitnessDeps): WitnessSource {
  return createLaunchRoutes((launch, emit) => {
    const { database } = launch.witness;
    if (!database) {
      deps.log.warn({ launch: launch.launchId }, "no database is known: no second witness");
      return undefined;
    }
    const say = (testimony: Testimony) => emit(witnessSignal(launch, testimony));
    return witnessLaunch({ source, launch, say, database, ...deps });
  });
}

interface MessageLaunch extends WitnessDeps {
  source: string;
  launch: WitnessedLaunch;
  say: (testimony: Testimony) => void;
  database: string;
}

function witnessLaunch({ source, launch, say, database, ...deps }: MessageLaunch): LaunchWitness {
  const { clock, log, pollMs, leaseMs } = deps;
  let agent = processOf(launch);
  let named: { id: string; at: number } | undefined;
  let seen: { mark: string; settled: boolean } | undefined;
  let nextRead = Number.NEGATIVE_INFINITY;
  let told = "";
  const lease = createLease(clock, leaseMs);
  const whose = () => ({ pid: agent?.pid });
  const story = createTurnStory({
    since: launch.launchTime,
    tell(event) {
      if (event.kind === "active") lease.begin(event.at);
      else lease.end();
      const testimony = transcriptTestimony(event, { source, whose: whose() });
      if (testimony) say(testimony);
    },
  });
  const lookout = createLookout({ clock, log, pollMs, look });

  async function look(): Promise<void> {
    // One that ended has closed its database: opening it would leave files behind.
    if (!agent || !isRunning(agent)) return;
    const mark = [database, `${database}-wal`].map(fileMark).join(" ");
    if (clock.monotonic() >= nextRead && (mark !== seen?.mark || !seen.settled)) {
      seen = { mark, settled: read() };
      nextRead = clock.monotonic() + (story.isRunning() ? 0 : REST_GAP_MS);
    }
    if (lease.isDue()) say(lease.renew(source, whose()));
  }

  /** False where the same rows may say more later. */
  function read(): boolean {
    const id = named?.id ?? ownConversation();
    if (id === undefined) return true;
    const rows = readRows<MessageRow>(database, { sql: NEWEST, values: [id] });
    const row = rows?.[0];
    if (!row) return rows !== undefined;
    const events = messageEvents(row, clock.now());
    const state = `${row.id} ${events.map(({ kind }) => kind)}`;
    if (state !== told) for (const event of events) story.take(event);
    told = state;
    return row.completed === null || events.length > 1;
  }

  /** The worktree is this session's alone. */
  function ownConversation(): string | undefined {
    const values = [launch.workspacePath, launch.launchTime];
    return readRows<{ id: string }>(database, { sql: OWN_CONVERSATION, values })?.[0]?.id;
  }

  return {
    hint(signal: Signal) {
      const started = processIn(signal);
      if (started) agent = started;
      nextRead = Number.NEGATIVE_INFINITY;
      const id = isRootsHook(signal) ? signal.fields.nativeSessionId : undefined;
      if (id === undefined || id === named?.id || signal.observedTime < (named?.at ?? 0)) return;
      named = { id, at: signal.observedTime };
      seen = undefined;
      lookout.wake();
    },
    stop: () => lookout.stop(),
  };
}
