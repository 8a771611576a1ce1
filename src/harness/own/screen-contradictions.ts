import type { HarnessSpec, ScreenPattern } from "../spec.ts";
import type { Contradiction } from "./contradiction.ts";

/** Says which prompts could never be typed, and which patterns no screen can match. */
export function screenContradictions({ screen, launch, keys }: HarnessSpec): Contradiction[] {
  const lists = (["gates", "dialog", "busy", "ready"] as const).map((name) => ({
    name,
    patterns: screen[name] as readonly ScreenPattern[],
  }));
  const blind = lists.flatMap(({ name, patterns }) =>
    patterns.flatMap(({ all }, index) =>
      all.flatMap((pattern, which) =>
        endsInBlank(pattern)
          ? [
              {
                path: ["screen", name, index, "all", which],
                problem:
                  "matches no screen: a terminal's lines are read without the blanks they end with; write ` ?$`",
              },
            ]
          : [],
      ),
    ),
  );
  const isTyped = launch.prompt === "after_start";
  return [
    ...blind,
    ...(isTyped && screen.ready.length === 0
      ? [
          {
            path: ["launch", "prompt"],
            problem: "is typed, but `screen.ready` does not say what the empty composer looks like",
          },
        ]
      : []),
    ...(screen.dialog.length === 0 ? unpressed(keys) : []),
    ...unconfirmed(screen, keys),
  ];
}

/** What confirms a denial approves where the agent does not ask back. */
function unconfirmed({ denial = [] }: HarnessSpec["screen"], { confirmDenial = [] }: HarnessSpec["keys"]) {
  if (denial.length > 0 === confirmDenial.length > 0) return [];
  const missing =
    denial.length > 0
      ? { path: ["screen", "denial"], problem: "is asked back, but `keys.confirmDenial` does not confirm it" }
      : {
          path: ["keys", "confirmDenial"],
          problem: "is pressed only while the agent asks back: say in `screen.denial` how that looks",
        };
  return [missing];
}

/** A key for a dialog is never pressed blindly. */
function unpressed(keys: HarnessSpec["keys"]): Contradiction[] {
  return (["approve", "deny"] as const)
    .filter((name) => (keys[name]?.length ?? 0) > 0)
    .map((name) => ({
      path: ["keys", name],
      problem: "is pressed only while the dialog is seen: say in `screen.dialog` how it looks",
    }));
}

/** A blank that must be there, right before the end of a line. */
function endsInBlank(pattern: string): boolean {
  return /(^|[^\\]) \$$/.test(pattern) && !pattern.includes("|");
}
