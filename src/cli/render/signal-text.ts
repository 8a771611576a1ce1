import type { Signal, SignalOutcome } from "../../core/signal.ts";
import type { Style } from "./palette.ts";

/** An event with the one word that tells it from others of its name, such as the tool. */
export function eventText({ event, fields }: Pick<Signal, "event" | "fields">): string {
  const detail = fields.toolName ?? fields.type ?? fields.reason ?? fields.exitSignal;
  return [event, detail].filter(Boolean).join(" ");
}

/** How an outcome looks. */
export function outcomeStyle(outcome: SignalOutcome): Style {
  switch (outcome) {
    case "applied":
      return "green";
    case "recorded":
      return "dim";
    case "duplicate":
    case "stale_launch":
    case "superseded":
      return "yellow";
    case "rejected":
      return "red";
  }
}
