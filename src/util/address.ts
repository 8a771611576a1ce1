/** A host and a port to listen on or to connect to. */
export interface Address {
  /** Name or IP; an IPv6 address without its brackets. */
  host: string;
  port: number;
}

/** Reads "host:port" or "[::1]:port"; undefined when it is none, or the port is not 1 to 65535 (0 asks for any). */
export function parseAddress(text: string): Address | undefined {
  const found = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[A-Za-z0-9._-]+)):(?<port>\d{1,5})$/.exec(
    text,
  )?.groups;
  const host = found?.v6 ?? found?.name;
  const port = Number(found?.port);
  return host !== undefined && port <= 65_535 ? { host, port } : undefined;
}

/** Writes an address as people type it. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
