import type { HarnessCapabilities } from "../../core/ports/harnesses.ts";
import { suggest } from "../../util/suggest.ts";
import { canAnswer } from "../answer-keys.ts";
import type { ArgItem, EventCase, HarnessSpec } from "../spec.ts";
import type { Contradiction } from "./contradiction.ts";
import { hookContradictions } from "./hook-contradictions.ts";
import { resumeContradictions, resumes } from "./resume-contradictions.ts";
import { screenContradictions } from "./screen-contradictions.ts";

/** Names a command line may use. */
const LAUNCH_NAMES = ["binary", "prompt", "model", "resume"];

/**
 * Says what cannot be meant though every part is well formed; nothing for a spec ao can work with. `claimed` are the
 * capabilities its author wrote down.
 */
export function contradictions(
  spec: HarnessSpec,
  claimed: Partial<HarnessCapabilities> = spec.capabilities,
): Contradiction[] {
  return [
    ...commandLines(spec),
    ...resumeContradictions(spec),
    ...eventTables(spec),
    ...claims(spec, claimed),
    ...hooksAndEvents(spec),
    ...hookContradictions(spec),
    ...screenContradictions(spec),
  ];
}

function commandLines({ launch }: HarnessSpec): Contradiction[] {
  const lines = (["interactive", "headless", "resume", "headlessResume"] as const).flatMap((name) => {
    const items = launch[name];
    return items ? [{ name, items }] : [];
  });
  return lines.flatMap(({ name, items }) => [
    ...items.flatMap((item, index) =>
      unknownNames([item]).map((used) => ({ path: ["launch", name, index], problem: noSuchName(used) })),
    ),
    ...(name === "interactive" && launch.prompt === "after_start" ? promptTwice(items) : []),
    ...lackingBinary(items, name),
    // One that continues a conversation may leave it out: it is typed.
    ...lackingPrompt(
      items,
      name,
      name !== "resume" && (launch.prompt === "in_command" || name !== "interactive"),
    ),
  ]);
}

function unknownNames(items: readonly ArgItem[]): string[] {
  const names = textsOf(items).flatMap((text) =>
    [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string),
  );
  return names.filter((name) => !LAUNCH_NAMES.includes(name));
}

function noSuchName(used: string): string {
  const meant = suggest(used, LAUNCH_NAMES);
  const question = meant === undefined ? "" : `; did you mean {${meant}}?`;
  return `uses {${used}}; a command line has {${LAUNCH_NAMES.join("}, {")}}${question}`;
}

function promptTwice(items: readonly ArgItem[]): Contradiction[] {
  const index = items.findIndex((item) => JSON.stringify(item).match(/\{prompt\}|promptWords/));
  if (index < 0) return [];
  const problem = "gives the {prompt}, and `launch.prompt: after_start` has it typed: leave out one of them";
  return [{ path: ["launch", "interactive", index], problem }];
}

function lackingBinary(items: readonly ArgItem[], name: string): Contradiction[] {
  return textsOf(items).some((text) => text.includes("{binary}"))
    ? []
    : [{ path: ["launch", name], problem: "never names {binary}" }];
}

function lackingPrompt(items: readonly ArgItem[], name: string, needsPrompt: boolean): Contradiction[] {
  if (!needsPrompt || JSON.stringify(items).match(/\{prompt\}|promptWords/)) return [];
  return [
    {
      path: ["launch", name],
      problem: "never gives the {prompt}; say `prompt: after_start` under launch if it is to be typed",
    },
  ];
}

function textsOf(items: readonly ArgItem[]): string[] {
  return items.flatMap((item) => {
    if (typeof item === "string") return [item];
    return "args" in item ? [...item.args] : [];
  });
}

function eventTables({ events }: HarnessSpec): Contradiction[] {
  return Object.entries(events).flatMap(([event, entry]) => {
    if (typeof entry === "string") return [];
    const last = entry.at(-1) as EventCase;
    const early = entry.slice(0, -1).findIndex((row) => !row.when);
    return [
      ...(last.when
        ? [
            {
              path: ["events", event],
              problem: "ends with a row that has `when`: say what it means otherwise",
            },
          ]
        : []),
      ...(early >= 0
        ? [{ path: ["events", event, early], problem: "has no `when`: the rows after it are never reached" }]
        : []),
    ];
  });
}

function claims(spec: HarnessSpec, claimed: Partial<HarnessCapabilities>): Contradiction[] {
  const meant = new Set(
    Object.values(spec.events).flatMap((entry) =>
      typeof entry === "string" ? [entry] : entry.map((row) => row.means),
    ),
  );
  const need = (key: keyof HarnessCapabilities, holds: boolean, what: string): Contradiction[] =>
    claimed[key] && !holds ? [{ path: ["capabilities", key], problem: `is claimed, but ${what}` }] : [];
  const hooks = spec.hooks.strategy !== "none";
  return [
    ...need("hooks", hooks, "`hooks.strategy` is none"),
    ...need("permissionSignal", meant.has("permission_request"), "no event means permission_request"),
    ...need("turnEndSignal", meant.has("turn_end") || meant.has("notify_idle"), "no event means turn_end"),
    ...need("exitSignal", meant.has("conversation_end"), "no event means conversation_end"),
    ...need("resume", resumes(spec), "no command line uses {resume}"),
    ...need("answer", canAnswer(spec.keys), "`keys` has no approve and deny"),
  ];
}

function hooksAndEvents({ hooks, events, otherEvents }: HarnessSpec): Contradiction[] {
  const both = otherEvents.filter((event) => Object.hasOwn(events, event));
  const count = Object.keys(events).length;
  return [
    ...both.map((event) => ({ path: ["events", event], problem: "also stands in otherEvents" })),
    ...(hooks.strategy === "none" && count > 0
      ? [{ path: ["events"], problem: "are listed, but `hooks.strategy` is none: nothing would report them" }]
      : []),
    ...(hooks.strategy !== "none" && count === 0
      ? [{ path: ["events"], problem: "are missing: the hooks would report nothing" }]
      : []),
  ];
}
