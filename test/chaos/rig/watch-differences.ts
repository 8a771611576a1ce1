import type { AoClient } from "../../../src/client/client.ts";
import type { WatchLog } from "./watch-log.ts";

export type Sessions = Awaited<ReturnType<AoClient["sessions"]["list"]>>["sessions"];

/** Sessions that a watcher believes to be otherwise than they are listed, in words; at most 3 of each kind. */
export function watchDifferences(name: string, { folded }: WatchLog, sessions: Sessions): string[] {
  // What is derived when it is read (its reason counts seconds) has no revision of its own.
  const plain = ({ restore: _, statusReason: __, ...session }: Sessions[number]) => JSON.stringify(session);
  const told = [...folded.values()].map(plain).sort();
  const listed = sessions.map(plain).sort();
  const missing = listed.filter((session) => !told.includes(session));
  const extra = told.filter((session) => !listed.includes(session));
  return [
    ...missing.slice(0, 3).map((session) => `${name} does not believe ${session}`),
    ...extra.slice(0, 3).map((session) => `${name} believes ${session}`),
  ];
}
