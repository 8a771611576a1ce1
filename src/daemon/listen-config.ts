import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AoError } from "../core/errors.ts";
import { ifThere } from "../util/absent.ts";
import { type Address, parseAddress } from "../util/address.ts";
import type { ListenFile } from "./listen-file.ts";

/** Where the daemon listens beside its Unix socket; all paths absolute. */
export interface ListenConfig {
  address: Address;
  /** Certificate chain, PEM. */
  certPath: string;
  /** Its private key, PEM. */
  keyPath: string;
  /** With it, clients need a certificate one of these signed. */
  clientCaPath?: string;
}

/**
 * Reads what `AO_HOME/config.yaml` says under `listen`, and AO_LISTEN, AO_TLS_CERT, AO_TLS_KEY, AO_TLS_CLIENT_CA, which win.
 *
 * Undefined when neither names an address: TCP is off by default. Throws CONFIG_INVALID, and TLS_UNUSABLE when its files are not named.
 */
export async function readListenConfig(
  home: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ListenConfig | undefined> {
  const path = join(home, "config.yaml");
  const file = await readConfigFile(path);
  const address = env.AO_LISTEN || file.address;
  if (!address) return undefined;
  const parsed = parseAddress(address);
  if (!parsed) {
    const hint = 'Write host:port, such as "127.0.0.1:7443" or "[::1]:7443".';
    throw new AoError("CONFIG_INVALID", { path, problem: `"${address}" is no address to listen on`, hint });
  }
  const cert = env.AO_TLS_CERT || file.cert;
  const key = env.AO_TLS_KEY || file.key;
  if (!cert || !key) {
    const problem = `TCP needs TLS: ${cert ? "no key" : "no certificate"} is named`;
    throw new AoError("TLS_UNUSABLE", { address, problem, hint: certificateHint(home, parsed.host) });
  }
  const clientCa = env.AO_TLS_CLIENT_CA || file.client_ca;
  return {
    address: parsed,
    certPath: resolve(home, cert),
    keyPath: resolve(home, key),
    clientCaPath: clientCa ? resolve(home, clientCa) : undefined,
  };
}

async function readConfigFile(path: string): Promise<ListenFile> {
  const text = await ifThere(readFile(path, "utf8"));
  if (text === undefined) return {};
  // Loaded here: without a file neither parser nor schema is paid for, some 5 MB of the daemon's memory.
  const { parseListenFile } = await import("./listen-file.ts");
  return parseListenFile(text, path);
}

/** The command that makes a certificate for `host`, and how ao is told of it. */
export function certificateHint(home: string, host: string): string {
  const name = /^[\d.]+$|:/.test(host) ? `IP:${host}` : `DNS:${host}`;
  const [cert, key] = [join(home, "tls-cert.pem"), join(home, "tls-key.pem")];
  return (
    "Make one: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj /CN=ao " +
    `-addext "subjectAltName=${name}" -keyout "${key}" -out "${cert}"; then set AO_TLS_CERT="${cert}" AO_TLS_KEY="${key}", ` +
    "or name them as listen.cert and listen.key."
  );
}
