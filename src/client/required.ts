/** Takes a message field every daemon sets; a daemon that does not is broken, which is a bug and no user error. */
export function required<T>(field: string, value: T | undefined): T {
  if (value === undefined) throw new Error(`the daemon's answer has no "${field}"`);
  return value;
}
