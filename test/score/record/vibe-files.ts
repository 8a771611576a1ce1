import { existsSync } from "node:fs";
import { join } from "node:path";
import { createVibeParser } from "../../../src/shim/witness/vibe-journal.ts";
import { type Change, isJson, listDir, now, readText, type Seen } from "./own-files.ts";

/** Creates the look at vibe's locks, each of which names the server that holds a session, and at its sessions' journals. */
export function createVibeLook(home: string): (seen: Seen, changes: Change[]) => void {
  const sessions = join(home, ".vibe/logs/session");
  const parsers = new Map<string, ReturnType<typeof createVibeParser>>();
  return (seen, changes) => {
    lookAtLocks(join(sessions, "active"), seen, changes);
    // Files of its index stand beside the sessions.
    for (const session of listDir(join(sessions, "unified")).filter((name) => /^[\w-]+$/.test(name))) {
      const journal = join(sessions, "unified", session, "journal");
      const parse = parsers.get(journal) ?? createVibeParser();
      parsers.set(journal, parse);
      for (const name of listDir(journal).sort())
        lookAtJournal(join(journal, name), parse, { seen, changes });
    }
  };
}

function lookAtLocks(active: string, seen: Seen, changes: Change[]): void {
  for (const path of seen.keys()) {
    if (!path.startsWith(active) || existsSync(path)) continue;
    seen.delete(path);
    changes.push({ ts_ns: now(), path, gone: true });
  }
  for (const name of listDir(active).filter((one) => one.endsWith(".lock.json"))) {
    const path = join(active, name);
    const text = readText(path);
    if (text === undefined || seen.get(path) === text || !isJson(text)) continue;
    seen.set(path, text);
    const { process_id: pid, session_id } = JSON.parse(text);
    // Of an agent that has ended the file may be left.
    const process_id = existsSync(`/proc/${pid}`) ? "<server>" : pid;
    changes.push({ ts_ns: now(), path, text: JSON.stringify({ process_id, session_id }) });
  }
}

/** Lines that tell of turns and dialogs: of the others some hold all of the model's request. */
function lookAtJournal(
  path: string,
  parse: ReturnType<typeof createVibeParser>,
  { seen, changes }: { seen: Seen; changes: Change[] },
): void {
  const text = readText(path) ?? "";
  const whole = Buffer.from(text.slice(0, text.lastIndexOf("\n") + 1));
  const fresh = whole.subarray(Number(seen.get(path) ?? 0)).toString("utf8");
  seen.set(path, String(whole.length));
  for (const line of fresh.split("\n").filter((one) => parse(one)))
    changes.push({ ts_ns: now(), path, append: `${line}\n` });
}
