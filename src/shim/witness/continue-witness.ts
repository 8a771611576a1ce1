import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { ifThere, namesIn } from "../../util/absent.ts";
import type { WitnessedLaunch, WitnessSource } from "../witness-source.ts";
import { type ContinueSession, readContinueSession } from "./continue-session.ts";
import { fileMark } from "./file-mark.ts";
import { createLaunchRoutes, type LaunchWitness } from "./launch-routes.ts";
import { createLookout } from "./lookout.ts";
import { createPathWatch } from "./path-watch.ts";
import type { WitnessDeps } from "./witness-deps.ts";
import { witnessSignal } from "./witness-signal.ts";

const SESSION = /^([0-9a-f-]{36})\.json$/;

/**
 * The witness of Continue: the files of conversations, which say what directory each is of.
 *
 * Tells which conversation the launch has begun, and nothing of its turns: those its screen shows.
 */
export function createContinueWitness(deps: WitnessDeps): WitnessSource {
  return createLaunchRoutes((launch, emit) => {
    const { sessions } = launch.witness;
    if (!sessions) {
      deps.log.warn({ launch: launch.launchId }, "no directory of conversations is known: no id is told");
      return undefined;
    }
    const say = ({ id, at, path }: ContinueSession) =>
      emit(
        witnessSignal(launch, {
          id: `continue-${id}`,
          at,
          event: "conversation_start",
          fields: { nativeSessionId: id, transcriptPath: path },
        }),
      );
    return watchSessions({ ...deps, launch, sessions, say });
  });
}

interface SessionsWatch extends WitnessDeps {
  launch: WitnessedLaunch;
  sessions: string;
  say: (session: ContinueSession) => void;
}

function watchSessions({ launch, sessions, say, clock, log, pollMs }: SessionsWatch): LaunchWitness {
  /** Files that are told of, or of another directory, or of another time. */
  const settled = new Set<string>();
  let workspace: string | undefined;
  let mark: string | undefined;
  const watch = createPathWatch(() => lookout.wake(), log);
  const lookout = createLookout({ clock, log, pollMs, look });

  async function look(): Promise<void> {
    watch.follow(sessions);
    const now = fileMark(sessions);
    if (now === mark) return;
    workspace ??= (await ifThere(realpath(launch.workspacePath))) ?? launch.workspacePath;
    const open = (await namesIn(sessions)).filter((name) => SESSION.test(name) && !settled.has(name));
    const readings = await Promise.all(open.map(settle));
    const found = readings.filter((one) => one !== undefined).sort((a, b) => a.at - b.at);
    for (const session of found) say(session);
    // A file that is still empty is no change of the directory's when it is written.
    mark = open.every((name) => settled.has(name)) ? now : undefined;
  }

  /** The conversation of a file, if it is one this launch has begun; nothing while that cannot be told. */
  async function settle(name: string): Promise<ContinueSession | undefined> {
    const session = await readContinueSession(join(sessions, name), launch.launchTime);
    if (session === "unreadable") return undefined;
    settled.add(name);
    return session !== "older" && session.workspace === workspace ? session : undefined;
  }

  return {
    hint() {},
    stop() {
      lookout.stop();
      watch.close();
    },
  };
}
