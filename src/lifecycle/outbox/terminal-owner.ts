import { basename } from "node:path";
import { AoError } from "../../core/errors.ts";
import type { TerminalLook } from "../../core/ports/runtime.ts";
import type { Session } from "../../core/session.ts";
import type { LifecycleDeps } from "../deps.ts";

const SHELLS = new Set([
  "sh",
  "ash",
  "bash",
  "dash",
  "fish",
  "ksh",
  "mksh",
  "nu",
  "pwsh",
  "tcsh",
  "csh",
  "zsh",
]);
/** A person who has pressed no key for so long has left the keyboard; terminals tell it by the second. */
const TYPING_MS = 3000;
/** A person who reads further up presses fewer keys. */
const SCROLLING_MS = 30_000;

/** Why nothing may be typed into a terminal that others than the agent use; undefined when it is the agent's alone. */
export async function terminalInUse(
  deps: LifecycleDeps,
  session: Session,
  look: TerminalLook,
): Promise<AoError | undefined> {
  const problem = await notTheAgent(deps, session);
  if (problem) return new AoError("AGENT_NOT_LISTENING", { session: session.id, problem });
  const quiet = deps.clock.now() - (look.personTime ?? Number.NEGATIVE_INFINITY);
  if (look.scrolled && quiet < SCROLLING_MS)
    return new AoError("TERMINAL_IN_USE", { session: session.id, doing: "scrolling" });
  if (quiet < TYPING_MS) return new AoError("TERMINAL_IN_USE", { session: session.id, doing: "typing" });
  return undefined;
}

/** A person has pressed a key since the text was typed; terminals tell it by the second. */
export function isPersonAt({ personTime }: TerminalLook, typedTime = 0): boolean {
  return personTime !== undefined && personTime + 1000 >= typedTime;
}

async function notTheAgent(deps: LifecycleDeps, { facts }: Session): Promise<string | undefined> {
  const { pid, pidStartTicks } = facts.process;
  if (pid === undefined) return undefined;
  if (
    pidStartTicks !== undefined &&
    (await deps.processes.probe({ pid, startTicks: pidStartTicks })) === "dead"
  )
    return "its process has ended";
  const program = await deps.processes.foreground(pid);
  return program && isBareShell(program) ? `"${program.join(" ")}" has it` : undefined;
}

/** A shell that would run what is typed: one that was given neither a script nor a command. */
function isBareShell([program = "", ...args]: readonly string[]): boolean {
  const isShell = SHELLS.has(basename(program).replace(/^-/, ""));
  return isShell && args.every((arg) => /^[-+]/.test(arg) && !/^-[a-z]*c/.test(arg));
}
