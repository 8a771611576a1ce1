import type { HarnessSpec } from "../spec.ts";
import type { Contradiction } from "./contradiction.ts";

/**
 * Says what a harness can do without, and what that costs: no mistake, but what its author may not have thought of.
 *
 * Only of harnesses in a file: ao's own say the same under `limits`.
 */
export function adviceOn(spec: HarnessSpec): Contradiction[] {
  return [...typedAdvice(spec), ...screenAdvice(spec), ...keyAdvice(spec), ...eventAdvice(spec)];
}

function typedAdvice({ launch, screen }: HarnessSpec): Contradiction[] {
  if (screen.ready.length > 0) return [];
  const until =
    "and `screen.ready` does not say what the empty composer looks like: it waits until its time is up";
  const resumesWithout = launch.resume !== undefined && !JSON.stringify(launch.resume).includes("{prompt}");
  return [
    ...(launch.typedWhenFirst === undefined
      ? []
      : [{ path: ["launch", "typedWhenFirst"], problem: `has a prompt typed that begins so, ${until}` }]),
    ...(resumesWithout
      ? [{ path: ["launch", "resume"], problem: `has a new prompt typed, having no {prompt}, ${until}` }]
      : []),
  ];
}

function screenAdvice({ screen, hooks }: HarnessSpec): Contradiction[] {
  const seesTurns = hooks.strategy === "none" || (screen.busy.length > 0 && screen.ready.length > 0);
  return [...(seesTurns ? [] : [UNSEEN_TURNS]), ...composerAdvice(screen)];
}

const UNSEEN_TURNS: Contradiction = {
  path: ["screen", "busy"],
  problem:
    "and `ready` are not both given: where no event tells of a denial or of Esc, the turn stays `working`, and later `unverified`",
};

function composerAdvice({ composer }: HarnessSpec["screen"]): Contradiction[] {
  const path = ["screen", "composer"];
  if (composer === undefined) {
    const problem =
      "is not given: ao may type before the program reads keys, does not see whether a text arrived, and presses Enter again until an event tells of the prompt";
    return [{ path, problem }];
  }
  return wantsBlank(composer)
    ? [
        {
          path,
          problem:
            "wants a blank before the text, and the line of an empty composer is read without the blanks it ends with: ao would not see that it is empty; write ` ?(`",
        },
      ]
    : [];
}

/** A blank that must be there right before the first group, where nothing says that a border follows the text. */
function wantsBlank(composer: string): boolean {
  const group = composer.search(/(?<!\\)\((?!\?)/);
  return composer[group - 1] === " " && !/[│┃║]/.test(composer);
}

function keyAdvice({ keys, screen, capabilities }: HarnessSpec): Contradiction[] {
  const interrupts = keys.interrupt.length > 0;
  return [
    ...(interrupts
      ? []
      : [{ path: ["keys", "interrupt"], problem: "is not given: `ao interrupt` is refused" }]),
    ...(interrupts && screen.composer !== undefined && !keys.clear?.length
      ? [
          {
            path: ["keys", "clear"],
            problem:
              "is not given: where an interrupt puts the prompt back into the composer, the next message waits until somebody empties it",
          },
        ]
      : []),
    ...(capabilities.permissionSignal && !capabilities.answer
      ? [{ path: ["keys", "approve"], problem: "or `deny` is not given: `ao answer` is refused" }]
      : []),
  ];
}

function eventAdvice({ events, hooks, capabilities, traits }: HarnessSpec): Contradiction[] {
  if (hooks.strategy === "none") return [];
  const meant = new Set(
    Object.values(events).flatMap((entry) =>
      typeof entry === "string" ? [entry] : entry.map(({ means }) => means),
    ),
  );
  const path = ["events"];
  return [
    ...(capabilities.turnEndSignal
      ? []
      : [{ path, problem: "tell of no end of a turn (turn_end): it is never `idle` again" }]),
    ...(meant.has("turn_failed") || meant.has("turn_problem")
      ? []
      : [
          {
            path,
            problem:
              "tell of no failed turn (turn_failed): one that ends without another event stays `working`",
          },
        ]),
    ...(meant.has("conversation_start") || traits.firstSignal === "prompt"
      ? []
      : [
          {
            path,
            problem:
              "tell of no start (conversation_start): where the first one comes with the first prompt, say `traits: { firstSignal: prompt }`",
          },
        ]),
  ];
}
