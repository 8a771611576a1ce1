import { linkSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseSpoolName, signalId } from "../../../src/shim/spool-file.ts";
import type { TraceLine } from "../../support/trace-file.ts";
import { TRANSCRIPTS, transcriptNamedBy } from "../transcript-expectation.ts";
import { type Change, isJson, listDir, now, readText, type Seen } from "./own-files.ts";
import { withoutPlaces } from "./places.ts";
import { createVibeLook } from "./vibe-files.ts";

/** Keeps what an agent spools, and notes what it writes of itself. The shim must stand still meanwhile. */
export interface Tap {
  /** The agent's process, once its launcher has spooled it. */
  agentPid(launchId: string): number | undefined;
  /** Ids of the hooks it kept, as the shim makes them. */
  hookIds(launchId: string): Set<string>;
  /** Lines of one launch in order of time, with the directory `root` called /bench. */
  lines(launch: { launchId: string; root: string }): TraceLine[];
  close(): void;
}

const ROLLOUT_TURN = /"(task_started|task_complete|turn_aborted|function_call_output)"/;
const LOOK_MS = 15;

/** Begins to look at the agent's own files below `home`; closing links the spool into `keepDir`, on the same file system. */
export function openTap(places: { spoolDir: string; home: string; keepDir: string }): Tap {
  const { spoolDir, home, keepDir } = places;
  mkdirSync(keepDir, { recursive: true });
  const changes: Change[] = [];
  const seen = new Map() as Seen;
  const named = new Set<string>();
  const lookAtVibe = createVibeLook(home);
  const timer = setInterval(() => {
    lookAtStatusFiles(home, seen, changes);
    lookAtRollouts(home, seen, changes);
    for (const path of transcriptsNamed(spoolDir, seen)) named.add(path);
    lookAtTranscripts([...named, ...copilotSessions(home)], seen, changes);
    lookAtOpenSessions(home, seen, changes);
    lookAtClineSessions(home, seen, changes);
    lookAtVibe(seen, changes);
  }, LOOK_MS);

  const kept = new Set<string>();
  const filesOf = (launchId: string, dir: string) =>
    readdirSync(dir).flatMap((name) => {
      const parsed = parseSpoolName(name);
      if (parsed?.launchId !== launchId) return [];
      const path = join(dir, name);
      return [{ ...parsed, path, birthNs: statSync(path, { bigint: true }).birthtimeNs }];
    });

  return {
    agentPid(launchId) {
      const start = filesOf(launchId, spoolDir).find(({ event }) => event === "ao-process-started");
      return start && JSON.parse(readFileSync(start.path, "utf8")).pid;
    },
    hookIds: (launchId) => new Set(filesOf(launchId, keepDir).map(signalId)),
    lines({ launchId, root }) {
      const spooled = filesOf(launchId, keepDir).map(({ event, pid, path, birthNs }) => {
        const text = readFileSync(path, "utf8");
        // Droid's hook that is at work when it is killed is given nothing; kimi kills those of a turn that is stopped.
        const payload = isJson(text) ? JSON.parse(text) : {};
        return spooledLine({ event, pid, ts_ns: Number(birthNs), payload });
      });
      const agent = spooled.find(({ event }) => event === "_start")?.payload;
      const witnessed = changes.map((change) => witnessLine(change, agent));
      const begin = Math.min(...spooled.map(({ ts_ns }) => ts_ns));
      return [...spooled, ...witnessed]
        .filter(({ ts_ns }) => ts_ns >= begin)
        .sort((a, b) => a.ts_ns - b.ts_ns)
        .map((line) => JSON.parse(withoutPlaces(JSON.stringify(line), root)) as TraceLine);
    },
    close() {
      clearInterval(timer);
      for (const name of readdirSync(spoolDir)) {
        if (!kept.has(name) && parseSpoolName(name)) linkSync(join(spoolDir, name), join(keepDir, name));
        kept.add(name);
      }
    },
  };
}

function spooledLine(line: TraceLine): TraceLine {
  if (line.event === "ao-process-started") return { ...line, event: "_start" };
  return line.event === "ao-process-exited" ? { ...line, event: "_exit" } : line;
}

function witnessLine({ ts_ns, ...file }: Change, agent: Record<string, unknown> | undefined): TraceLine {
  const { pid, pid_start_ticks: ticks } = agent ?? {};
  const ours = (text: string) =>
    text
      .replaceAll(`"pid":${pid},`, '"pid":<pid>,')
      .replaceAll(`"procStart":"${ticks}"`, '"procStart":"<pid-start>"');
  const { path, text, append, gone } = file;
  return {
    event: "_witness",
    ts_ns,
    payload: {
      path: path.replace(`/${pid}.json`, "/<pid>.json"),
      ...(text !== undefined && { text: ours(text) }),
      ...(append !== undefined && { append }),
      ...(gone && { gone }),
    },
  };
}

function lookAtStatusFiles(home: string, seen: Seen, changes: Change[]): void {
  for (const path of filesIn(join(home, ".claude/sessions"), /^\d+\.json$/)) {
    const text = readText(path);
    // Rewritten in place: a mix of old and new is whole a moment later.
    if (text === undefined || seen.get(path) === text || !isJson(text)) continue;
    seen.set(path, text);
    changes.push({ ts_ns: now(), path, text });
  }
}

function lookAtRollouts(home: string, seen: Seen, changes: Change[]): void {
  for (const day of daysIn(join(home, ".codex/sessions")))
    for (const path of filesIn(day, /^rollout-.*\.jsonl$/)) {
      const offset = Number(seen.get(path) ?? 0);
      if (statSync(path).size <= offset) continue;
      const text = readText(path) ?? "";
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      const fresh = Buffer.from(whole).subarray(offset).toString("utf8");
      seen.set(path, String(Buffer.byteLength(whole)));
      for (const line of fresh.split("\n").filter((one) => ROLLOUT_TURN.test(one)))
        changes.push({ ts_ns: now(), path, append: `${line}\n` });
    }
}

/** Transcripts that hooks which were not looked at before name: gemini, qwen, grok. */
function transcriptsNamed(spoolDir: string, seen: Seen): string[] {
  return listDir(spoolDir).flatMap((name) => {
    const path = join(spoolDir, name);
    if (name.startsWith(".") || seen.has(path)) return [];
    const text = readText(path);
    if (text === undefined || !isJson(text)) return [];
    seen.set(path, "");
    return transcriptNamedBy(JSON.parse(text)) ?? [];
  });
}

function copilotSessions(home: string): string[] {
  const root = join(home, ".copilot/session-state");
  return listDir(root).map((session) => join(root, session, "events.jsonl"));
}

/** Lines that tell of a turn; a file that shrank was rewritten without its last turn, which no line tells. */
function lookAtTranscripts(paths: readonly string[], seen: Seen, changes: Change[]): void {
  for (const path of paths) {
    const text = readText(path);
    const parse = parserOf(path);
    if (text === undefined || !parse) continue;
    const whole = Buffer.from(text.slice(0, text.lastIndexOf("\n") + 1));
    const offset = Number(seen.get(path) ?? 0);
    seen.set(path, String(whole.length));
    const fresh = whole.subarray(Math.min(offset, whole.length)).toString("utf8");
    for (const line of fresh.split("\n").filter((one) => parse(one)))
      changes.push({ ts_ns: now(), path, append: `${line}\n` });
  }
}

function parserOf(path: string) {
  return TRANSCRIPTS.find((one) => one.path.test(path))?.parse;
}

function lookAtOpenSessions(home: string, seen: Seen, changes: Change[]): void {
  const path = join(home, ".copilot/open-sessions-state.json");
  const text = readText(path);
  if (text === undefined || seen.get(path) === text || !isJson(text)) return;
  seen.set(path, text);
  changes.push({ ts_ns: now(), path, text });
}

function lookAtClineSessions(home: string, seen: Seen, changes: Change[]): void {
  const root = join(home, ".cline/data/sessions");
  for (const session of listDir(root)) {
    const path = join(root, session, `${session}.json`);
    const text = readText(path);
    if (text === undefined || seen.get(path) === text || !isJson(text)) continue;
    seen.set(path, text);
    // All but what its witness reads stays behind: the rest is the person's words and paths.
    const { session_id, pid, status } = JSON.parse(text);
    changes.push({ ts_ns: now(), path, text: JSON.stringify({ session_id, pid, status }) });
  }
}

function daysIn(root: string): string[] {
  const below = (dirs: string[]) =>
    dirs.flatMap((dir) => listDir(dir).flatMap((name) => (/^\d+$/.test(name) ? [join(dir, name)] : [])));
  return below(below(below([root])));
}

function filesIn(dir: string, name: RegExp): string[] {
  return listDir(dir).flatMap((one) => (name.test(one) ? [join(dir, one)] : []));
}
