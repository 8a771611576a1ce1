import { hasResumeCase } from "../command-line.ts";
import type { ArgItem, HarnessSpec, LaunchSpec } from "../spec.ts";
import type { Contradiction } from "./contradiction.ts";

const COMMAND_LINES = ["interactive", "headless", "resume", "headlessResume"] as const;

/** Whether some command line continues a conversation. */
export function resumes({ launch }: HarnessSpec): boolean {
  return launch.resumeBy === "directory"
    ? launch.resume !== undefined || hasResumeCase(launch.interactive)
    : COMMAND_LINES.some((name) => usesId(launch[name]));
}

/** Says where `launch.resumeBy` and the command lines do not go together. */
export function resumeContradictions(spec: HarnessSpec): Contradiction[] {
  const { launch } = spec;
  if (launch.resumeBy === "directory") return [...withId(launch), ...withoutWay(spec)];
  const idless = (["resume", "headlessResume"] as const).filter(
    (name) => launch[name] && !usesId(launch[name]),
  );
  return [
    ...untoldId(spec),
    ...idless.map((name) => ({ path: ["launch", name], problem: IDLESS })),
    ...(launch.resumeBy !== undefined && !resumes(spec) ? [{ path: BY, problem: NOTHING_RESUMES }] : []),
  ];
}

const BY = ["launch", "resumeBy"];

const IDLESS =
  "never names {resume}: which conversation would it continue? Where it is the last one of its directory, say `resumeBy: directory`";

const NOTHING_RESUMES = "is given, but no command line uses {resume}";

function withId(launch: LaunchSpec): Contradiction[] {
  return COMMAND_LINES.filter((name) => usesId(launch[name])).map((name) => ({
    path: ["launch", name],
    problem: "uses {resume}, and with `resumeBy: directory` there is no id: leave out one of them",
  }));
}

/** A launch without its case would begin another conversation in silence. */
function withoutWay({ launch }: HarnessSpec): Contradiction[] {
  const ways = [
    { plain: "interactive", own: "resume" },
    { plain: "headless", own: "headlessResume" },
  ] as const;
  return ways
    .filter(({ plain, own }) => launch[plain] && !launch[own] && !hasResumeCase(launch[plain]))
    .map(({ plain, own }) => ({
      path: BY,
      problem: `is directory, but nothing continues anything: give \`launch.${own}\`, or \`${plain}\` an item with \`when: resume\``,
    }));
}

/** What a hook or a witness of ao's own does not tell cannot be given back. */
function untoldId({ launch, hooks, witness }: HarnessSpec): Contradiction[] {
  if (hooks.strategy !== "none" || Object.keys(witness).length > 0) return [];
  return COMMAND_LINES.filter((name) => usesId(launch[name])).map((name) => ({
    path: ["launch", name],
    problem:
      "uses {resume}, and without hooks nothing tells the id; where the program can continue the last conversation of its directory, say `resumeBy: directory`",
  }));
}

function usesId(items: readonly ArgItem[] | undefined): boolean {
  return JSON.stringify(items ?? []).includes("{resume}");
}
