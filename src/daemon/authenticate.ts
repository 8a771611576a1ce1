import type { Store } from "../core/ports/store.ts";
import type { Authenticate } from "../lifecycle/api.ts";
import { launchOfToken, tokenDigest, tokenMatches } from "../lifecycle/start/session-token.ts";

/** Tells the operator and the sessions apart by their tokens. */
export function createAuthenticate(operatorToken: string, store: Pick<Store, "getLaunch">): Authenticate {
  const operatorDigest = tokenDigest(operatorToken);
  return async (token) => {
    if (!token) return undefined;
    if (tokenMatches(token, operatorDigest)) return { kind: "operator" };
    const launchId = launchOfToken(token);
    const launch = launchId && (await store.getLaunch(launchId));
    if (!launch || !tokenMatches(token, launch.tokenDigest)) return undefined;
    return { kind: "session", sessionId: launch.sessionId, launchId: launch.id };
  };
}
