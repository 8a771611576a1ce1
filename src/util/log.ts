import pino from "pino";
import { createRotatingFile } from "./rotating-file.ts";

/** Values that go with a log line; an error goes under `err` and keeps its stack. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a process writes what happens. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A log that adds `fields` to each of its lines. */
  child(fields: LogFields): Log;
}

/** A log that closes. */
export interface FileLog extends Log {
  close(): void;
}

/** Keys whose values never reach the file, at the top of a line and one level below. */
const SECRET_KEYS = ["token", "authorization", "environment", "password", "secret"];

/**
 * Opens a log of JSON lines, mode 0600: `{"level":"info","time":"…","name":"daemon","msg":"…", …}`.
 *
 * Lines are written before the call returns, so that the last one before a crash is there. At `maxBytes` (default
 * 10 MiB) the file becomes `<path>.1`, that one `<path>.2`, and so on up to `keep` (default 3) old files.
 */
export function createLog(options: {
  path: string;
  name: string;
  maxBytes?: number;
  keep?: number;
  level?: "debug" | "info";
}): FileLog {
  const file = createRotatingFile({
    path: options.path,
    maxBytes: options.maxBytes ?? 10 * 1024 * 1024,
    keep: options.keep ?? 3,
  });
  const logger = pino(
    {
      name: options.name,
      level: options.level ?? "info",
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: "[hidden]" },
    },
    { write: (line: string) => file.write(line) },
  );
  return { ...fromPino(logger), close: () => file.close() };
}

/** A log that keeps nothing, for tests and for callers that asked for none. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

function fromPino(logger: pino.Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => fromPino(logger.child({ ...fields })),
  };
}
