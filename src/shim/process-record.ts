import { PROCESS_EVENTS } from "../core/launch-manifest.ts";
import type { SignalFields } from "../core/signal.ts";

/** True for the events `ao-run` spools about the agent's process. */
export function isProcessEvent(event: string): boolean {
  return event === PROCESS_EVENTS.started || event === PROCESS_EVENTS.exited;
}

/**
 * Reads a record of `ao-run`: `{"pid":1,"pid_start_ticks":2}`, `{"pid":1,"exit_code":0}`, `{"pid":1,"exit_signal":"SIGKILL"}`.
 *
 * Never throws: what a cut record still says is taken, since the name alone already tells of the start or the end.
 */
export function readProcessRecord(text: string): SignalFields {
  const values = parseObject(text);
  const source = values ?? scan(text);
  return {
    ...integer(source, "pid", "pid"),
    ...integer(source, "pid_start_ticks", "pidStartTicks"),
    ...integer(source, "exit_code", "exitCode"),
    ...(typeof source.exit_signal === "string" && /^SIG[A-Z0-9+]{1,12}$/.test(source.exit_signal)
      ? { exitSignal: source.exit_signal }
      : {}),
    ...(typeof source.reason === "string" ? { reason: source.reason.slice(0, 256) } : {}),
    ...(values ? {} : { partial: true }),
  };
}

function integer(
  source: Record<string, unknown>,
  key: string,
  field: "pid" | "pidStartTicks" | "exitCode",
): SignalFields {
  const value = source[key];
  const limit = field === "pidStartTicks" ? Number.MAX_SAFE_INTEGER : 0x7fffffff;
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= limit
    ? { [field]: value }
    : {};
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Takes whole `"key":123` and `"key":"TEXT"` pairs; a number the text ends in may lack digits and is left out. */
function scan(text: string): Record<string, unknown> {
  const pairs = text.slice(0, 4096).matchAll(/"([a-z_]+)"\s*:\s*(?:(\d+)(?=\s*[,}])|"([^"\\]*)")/g);
  return Object.fromEntries(
    [...pairs].map(([, key, number, word]) => [key, number === undefined ? word : Number(number)]),
  );
}
