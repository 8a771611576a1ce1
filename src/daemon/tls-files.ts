import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { AoError } from "../core/errors.ts";
import { formatAddress } from "../util/address.ts";
import { certificateHint, type ListenConfig } from "./listen-config.ts";

/** What a TLS listener needs, checked. */
export interface TlsFiles {
  cert: Buffer;
  key: Buffer;
  clientCa?: Buffer;
  /** Epoch ms after which clients refuse the certificate. */
  expireTime: number;
}

/**
 * Reads and checks certificate and key; throws TLS_UNUSABLE when one is missing, no PEM, expired or not of the other, and
 * when the key can be read by others.
 */
export async function readTlsFiles(config: ListenConfig, home: string, now: number): Promise<TlsFiles> {
  const refuse = (problem: string, hint: string) =>
    new AoError("TLS_UNUSABLE", { address: formatAddress(config.address), problem, hint });
  const renew = certificateHint(home, config.address.host);
  const read = (what: string, path: string) => readPem({ what, path, renew, refuse });
  const [cert, key] = [await read("certificate", config.certPath), await read("key", config.keyPath)];
  const clientCa = config.clientCaPath ? await read("client CA", config.clientCaPath) : undefined;
  const parsed = parsePem("certificate", config.certPath, {
    refuse,
    renew,
    parse: () => new X509Certificate(cert),
  });
  const parsedKey = parsePem("key", config.keyPath, { refuse, renew, parse: () => createPrivateKey(key) });
  if (clientCa)
    parsePem("client CA", config.clientCaPath ?? "", {
      refuse,
      renew,
      parse: () => new X509Certificate(clientCa),
    });
  await refuseOpenKey(config.keyPath, refuse);
  refuseMismatch(parsed, parsedKey, { config, refuse });
  const expireTime = Date.parse(parsed.validTo);
  if (expireTime <= now) throw refuse(`certificate "${config.certPath}" expired on ${parsed.validTo}`, renew);
  return { cert, key, clientCa, expireTime };
}

type Refuse = (problem: string, hint: string) => AoError;

async function readPem(file: { what: string; path: string; renew: string; refuse: Refuse }): Promise<Buffer> {
  try {
    return await readFile(file.path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw file.refuse(`${file.what} "${file.path}" cannot be read (${code})`, file.renew);
  }
}

function parsePem<T>(what: string, path: string, how: { parse: () => T; renew: string; refuse: Refuse }): T {
  try {
    return how.parse();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== "string") throw error;
    throw how.refuse(`${what} "${path}" is no usable PEM file`, how.renew);
  }
}

async function refuseOpenKey(path: string, refuse: Refuse): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(4, "0");
  throw refuse(`key "${path}" can be read by others (mode ${octal})`, `Close it: chmod 600 "${path}".`);
}

function refuseMismatch(
  cert: X509Certificate,
  key: KeyObject,
  { config, refuse }: { config: ListenConfig; refuse: Refuse },
): void {
  if (cert.checkPrivateKey(key)) return;
  throw refuse(
    `key "${config.keyPath}" does not belong to certificate "${config.certPath}"`,
    "Name the right pair.",
  );
}
