import type { EventRow } from "../core/ports/harnesses.ts";
import type { Meaning, SignalFields } from "../core/signal.ts";
import type { Condition, EventCase, HarnessSpec } from "./spec.ts";

/** Returns what an event means by the spec's table; undefined for an event it does not know. */
export function interpret(spec: HarnessSpec, event: string, fields: SignalFields): Meaning | undefined {
  if (!Object.hasOwn(spec.events, event)) return spec.otherEvents.includes(event) ? "receipt" : undefined;
  const found = casesOf(spec, event).find((row) =>
    (row.when ?? []).every((condition) => holds(condition, fields)),
  );
  return found?.means ?? "receipt";
}

/** The event table as rows for people. */
export function eventRows(spec: HarnessSpec): EventRow[] {
  const installed = Object.keys(spec.events).flatMap((event) =>
    casesOf(spec, event).map((row) => ({
      event,
      condition: (row.when ?? []).map(describe).join(" and "),
      meaning: row.means,
    })),
  );
  const others = spec.otherEvents.map((event) => ({
    event,
    condition: "not installed",
    meaning: "receipt" as const,
  }));
  return [...installed, ...others];
}

function casesOf(spec: HarnessSpec, event: string): readonly EventCase[] {
  const entry = spec.events[event] ?? [];
  return typeof entry === "string" ? [{ means: entry }] : entry;
}

function holds(condition: Condition, fields: SignalFields): boolean {
  const value = fields[condition.field];
  if ("present" in condition) return (value !== undefined) === condition.present;
  if (value === undefined) return false;
  const text = String(value);
  if ("equals" in condition) return text === condition.equals;
  if ("in" in condition) return condition.in.includes(text);
  if ("startsWith" in condition) return text.startsWith(condition.startsWith);
  return text.toLowerCase().includes(condition.contains.toLowerCase());
}

function describe(condition: Condition): string {
  if ("present" in condition) return `${condition.field} is ${condition.present ? "set" : "not set"}`;
  if ("equals" in condition) return `${condition.field} = ${condition.equals}`;
  if ("in" in condition) return `${condition.field} is one of ${condition.in.join(", ")}`;
  if ("startsWith" in condition) return `${condition.field} starts with ${condition.startsWith}`;
  return `${condition.field} contains ${condition.contains}`;
}
