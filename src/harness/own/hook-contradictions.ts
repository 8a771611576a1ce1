import type { ArgItem, HookFile, HookSpec, LaunchSpec } from "../spec.ts";
import type { Contradiction } from "./contradiction.ts";

/** The parts of a spec that say how ao-hook gets in. */
export interface HooksAndLaunch {
  hooks: HookSpec;
  launch: LaunchSpec;
}

/** Says which hooks could never reach ao: files without its command, and arguments that no command line takes up. */
export function hookContradictions({ hooks, launch }: HooksAndLaunch): Contradiction[] {
  return [
    ...(hooks.strategy === "files"
      ? [
          ...noHooks(hooks.files),
          ...hooks.files.flatMap((file, index) => fileProblems(file, index)),
          ...trustProblems(hooks),
        ]
      : []),
    ...unusedArgs({ hooks, launch }),
  ];
}

/** A file of scripts, or one ao ships, calls ao-hook by itself. */
function noHooks(files: readonly HookFile[]): Contradiction[] {
  return files.some((file) => file.kind !== "json" || file.hooks || callsHook(file.content))
    ? []
    : [{ path: ["hooks", "files"], problem: "has no file with `hooks`: nothing would call ao-hook" }];
}

function fileProblems(file: HookFile, index: number): Contradiction[] {
  const path = ["hooks", "files", index];
  if (file.kind === "toml") return entryProblems(file.entry, [...path, "entry"], true);
  if (file.kind !== "json" || !file.hooks) return [];
  return entryProblems(file.hooks.entry, [...path, "hooks", "entry"], file.hooks.shape === "list");
}

function entryProblems(entry: object, path: Contradiction["path"], namesEvent: boolean): Contradiction[] {
  return [
    ...(callsHook(entry)
      ? []
      : [{ path, problem: "never names {command}: that is where ao's own command goes" }]),
    ...(namesEvent && !JSON.stringify(entry).includes("{event}")
      ? [{ path, problem: "never names {event}: one list for all events must say which an entry is for" }]
      : []),
  ];
}

/** A record of trust goes nowhere but into the agent's mirror. */
function trustProblems({ trust, mirror }: Extract<HookSpec, { strategy: "files" }>): Contradiction[] {
  return trust && "records" in trust && !mirror
    ? [{ path: ["hooks", "trust"], problem: "has `records`, which go into a `mirror`: there is none" }]
    : [];
}

function callsHook(value: object | undefined): boolean {
  return value !== undefined && JSON.stringify(value).includes("{command}");
}

function unusedArgs({ hooks, launch }: HooksAndLaunch): Contradiction[] {
  const hookArgs = "args" in hooks && hooks.args.length > 0;
  const modes = Object.entries(launch.permission).filter(([, mode]) => (mode?.args?.length ?? 0) > 0);
  return [
    ...(hookArgs && !inserts(launch.interactive, "hooks")
      ? [{ path: ["hooks", "args"], problem: inserted("hooks") }]
      : []),
    ...(modes.length > 0 && !inserts(launch.interactive, "permission")
      ? modes.map(([mode]) => ({
          path: ["launch", "permission", mode, "args"],
          problem: inserted("permission"),
        }))
      : []),
  ];
}

function inserted(list: string): string {
  return `are put in nowhere: add \`- insert: ${list}\` to launch.interactive`;
}

function inserts(items: readonly ArgItem[], list: string): boolean {
  return items.some((item) => typeof item !== "string" && "insert" in item && item.insert === list);
}
