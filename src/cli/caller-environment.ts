/**
 * Variables of the caller's own shell, and those npm sets when ao was started through `npx` or `npm run`. (The daemon
 * takes out what belongs to the caller's terminal and to ao.)
 */
const PRIVATE = /^(_|SHLVL|npm_.*|NODE_COMPILE_CACHE|AO_TOKEN)$/;

/** The environment a spawned agent gets from its caller; none from a caller on another host, where it means nothing. */
export function callerEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  if (env.AO_ADDRESS) return {};
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !PRIVATE.test(entry[0]),
  );
  return Object.fromEntries(kept);
}
