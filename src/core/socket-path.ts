import { AoError } from "./errors.ts";

/** Throws SOCKET_PATH_TOO_LONG for a path of more than `limit` bytes. */
export function refuseLongSocketPath(path: string, limit: number): void {
  const bytes = Buffer.byteLength(path);
  if (bytes > limit) throw new AoError("SOCKET_PATH_TOO_LONG", { path, bytes, limit });
}
