/**
 * Steps of a signal's way at which a process can be told to die, in the order a signal passes them.
 *
 * A fail point does nothing, unless the process was started with
 *
 *     AO_FAIL_POINTS="name:probability[:seed]"      several separated by commas, such as "shim:sent:0.05,daemon:acked:1"
 *
 * Then the process kills itself with SIGKILL there, with that probability each time it passes: nothing is closed,
 * flushed or released, as in a crash. With a seed the same process dies at the same passage every time. The shim inherits the
 * daemon's environment; names of the other process mean nothing to it. For the chaos suite alone.
 */
export const FAIL_POINTS = [
  /** A file was read, nothing was sent. */
  "shim:read",
  /** A message was handed to the stream. */
  "shim:sent",
  /** An acknowledgement came, its file is still there. */
  "shim:acked",
  /** The file of an acknowledged signal was deleted. */
  "shim:unlinked",
  /** A message came, nothing was made of it. */
  "daemon:received",
  /** A batch was folded, nothing was written. */
  "daemon:before-commit",
  /** Within the transaction: signals were written, their sessions and changes were not. */
  "daemon:in-commit",
  /** The batch is on disk, nobody knows. */
  "daemon:after-commit",
  /** Watchers may know, the sender does not. */
  "daemon:before-ack",
  /** The acknowledgement was handed to the stream. */
  "daemon:acked",
  /** A message for an agent is on disk, its sender does not know. */
  "outbox:accepted",
  /** A message is about to be typed; that is on disk. */
  "outbox:before-paste",
  /** It was typed, which is not on disk yet. */
  "outbox:pasted",
  /** Enter is about to be pressed; that is on disk. */
  "outbox:before-enter",
  /** Enter was pressed, which is not on disk yet. */
  "outbox:entered",
] as const;

/** Steps of a session's start, in their order; the daemon's. */
export const SPAWN_FAIL_POINTS = [
  /** The row is on disk, nothing else. */
  "spawn:row",
  /** Branch and worktree are there. */
  "spawn:worktree",
  /** The launch's files are written. */
  "spawn:files",
  /** The launcher runs, the caller does not know. */
  "spawn:launched",
] as const;

export type FailPointName = (typeof FAIL_POINTS)[number] | (typeof SPAWN_FAIL_POINTS)[number];

/** Marks a step of a process; returns, or never does. */
export type FailPoint = (name: FailPointName) => void;

/** The fail point of every process that is not told otherwise. */
export const noFailPoint: FailPoint = () => {};

/** Reads the value of AO_FAIL_POINTS; an unset or empty one switches nothing on. Throws on a word it does not know. */
export function createFailPoint(
  spec: string | undefined,
  die: () => void = () => process.kill(process.pid, "SIGKILL"),
): FailPoint {
  if (!spec) return noFailPoint;
  const armed = new Map(spec.split(",").map(parse));
  return (name) => {
    if (armed.get(name)?.()) die();
  };
}

/** Returns the point's name and a throw of its die. */
function parse(item: string): [FailPointName, () => boolean] {
  const found = /^(?<name>[a-z]+:[a-z-]+):(?<probability>\d*\.?\d+)(?::(?<seed>\d+))?$/.exec(item)?.groups;
  const names = [...FAIL_POINTS, ...SPAWN_FAIL_POINTS];
  const name = names.find((known) => known === found?.name);
  const probability = Number(found?.probability);
  if (!name || !(probability <= 1)) {
    throw new Error(
      `AO_FAIL_POINTS has "${item}"; it takes name:probability[:seed] with ${names.join(", ")}`,
    );
  }
  const random = found?.seed === undefined ? Math.random : createRandom(Number(found.seed));
  return [name, () => random() < probability];
}

/** Mulberry32: numbers in [0, 1) that depend on the seed alone. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
