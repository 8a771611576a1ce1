import { readFileSync } from "node:fs";
import type { RemoteDaemon } from "../client/connection.ts";
import { AoError } from "../core/errors.ts";
import { parseAddress } from "../util/address.ts";

/**
 * The daemon elsewhere that AO_ADDRESS names, with the certificates of AO_CA to trust; undefined when this host's is meant.
 *
 * Throws USAGE for an address or a file that cannot be used.
 */
export function readRemote(env: Readonly<Record<string, string | undefined>>): RemoteDaemon | undefined {
  const address = env.AO_ADDRESS;
  if (!address) return undefined;
  if (!parseAddress(address))
    throw new AoError("USAGE", {
      problem: `AO_ADDRESS="${address}" is no address`,
      hint: 'Write host:port, such as "build.example.com:7443".',
    });
  return { address, ca: env.AO_CA ? readCa(env.AO_CA) : undefined };
}

/** Refuses what only works on the daemon's own host. */
export function refuseRemote(remote: RemoteDaemon | undefined, command: string): void {
  if (!remote) return;
  throw new AoError("UNSUPPORTED", {
    subject: `the daemon at ${remote.address}`,
    what: `\`${command}\` from here`,
    hint: `Run \`${command}\` on its host, without AO_ADDRESS.`,
  });
}

function readCa(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new AoError("USAGE", {
      problem: `AO_CA="${path}" cannot be read (${code})`,
      hint: "Name a PEM file with the daemon's certificate.",
    });
  }
}
