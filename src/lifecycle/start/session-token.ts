import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A session token: `<launch id>.<secret>`, so that its launch can be found without a search. */
export function newSessionToken(launchId: string): { token: string; digest: string } {
  const token = `${launchId}.${randomBytes(24).toString("base64url")}`;
  return { token, digest: tokenDigest(token) };
}

/** SHA-256, hex: what is stored of a token. */
export function tokenDigest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Compares a presented token with a stored digest without telling by its time how much of it was right. */
export function tokenMatches(token: string, digest: string): boolean {
  return timingSafeEqual(Buffer.from(tokenDigest(token), "hex"), Buffer.from(digest, "hex"));
}

/** Launch a session token claims to belong to; undefined when it does not look like one. */
export function launchOfToken(token: string): string | undefined {
  return /^(l[a-z0-9]{19})\.[\w-]{32}$/.exec(token)?.[1];
}
