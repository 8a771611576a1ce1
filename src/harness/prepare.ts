import { AoError } from "../core/errors.ts";
import type { LaunchPlan, PreparedLaunch, PromptedLaunch } from "../core/ports/harnesses.ts";
import { commandLine, hasResumeCase } from "./command-line.ts";
import { expand, firstExpanded } from "./expand.ts";
import type { TrustedHooks } from "./provision/codex-trust.ts";
import { hooksCarryPrompt, provision } from "./provision.ts";
import type { ArgItem, HarnessSpec, PermissionSpec } from "./spec.ts";

/** Linux's MAX_ARG_STRLEN is 131072 with the closing zero. */
const MAX_ARGUMENT_BYTES = 131_071;

/** Turns a plan into an argument vector and environment. Throws HARNESS_SETUP_FAILED, UNSUPPORTED, INVALID_FIELD. */
export async function prepare(
  spec: HarnessSpec,
  plan: LaunchPlan,
  trustedHooks: TrustedHooks,
): Promise<PreparedLaunch> {
  checkValues(plan);
  const permission = permissionOf(spec, plan);
  const items = templateOf(spec, plan);
  checkTakes(spec, plan, items);
  const hooks = await provision({ spec, plan, permission, trustedHooks });
  const typed = typesPrompt(spec, plan);
  const argv = commandLine(items, {
    binary: plan.binary,
    prompt: typed ? "" : plan.prompt,
    model: plan.model,
    // An agent that takes no id is asked for its last conversation by what stands under `when: resume`.
    resume: plan.resumeId ?? (plan.resumeLast ? "last" : ""),
    permission: (plan.headless ? permission.headlessArgs : undefined) ?? permission.args ?? [],
    hooks: hooks.args,
  });
  checkLength(argv);
  return {
    argv,
    env: { ...fillAll(spec.launch.env, plan.env), ...permission.env, ...hooks.env },
    unsetEnv: [...spec.launch.unsetEnv],
    witness: witnessOf(spec, plan.env),
    promptToType: typed ? plan.prompt : "",
  };
}

function permissionOf(spec: HarnessSpec, plan: LaunchPlan): PermissionSpec {
  const permission = spec.launch.permission[plan.permissionMode];
  if (permission) return permission;
  throw new AoError("UNSUPPORTED", {
    subject: `harness "${spec.id}"`,
    what: `permission mode "${plan.permissionMode}"`,
    ...(spec.launch.permissionHint ? { hint: spec.launch.permissionHint } : {}),
  });
}

function templateOf(spec: HarnessSpec, plan: PromptedLaunch): readonly ArgItem[] {
  const { interactive, headless, resume, headlessResume } = spec.launch;
  const continues = plan.resumeId !== undefined || plan.resumeLast;
  if (!plan.headless) return continues ? (resume ?? interactive) : interactive;
  if (!headless)
    throw new AoError("UNSUPPORTED", {
      subject: `harness "${spec.id}"`,
      what: "running without a terminal",
      hint: "Use `--runtime tmux`.",
    });
  if (plan.prompt === "") throw invalid("prompt", "", "must not be empty without a terminal");
  return continues ? (headlessResume ?? headless) : headless;
}

/** What the command line has no place for is refused, never dropped in silence. */
function checkTakes(spec: HarnessSpec, plan: LaunchPlan, items: readonly ArgItem[]): void {
  const subject = `harness "${spec.id}"`;
  if (plan.model !== "" && !mentions(items, "model"))
    throw new AoError("UNSUPPORTED", {
      subject,
      what: `choosing a model${plan.resumeId ? " for a resumed conversation" : ""}`,
      hint: "Choose it in the agent's own settings.",
    });
  if (plan.resumeId !== undefined && !mentions(items, "resume"))
    throw new AoError("UNSUPPORTED", { subject, what: "going on with a conversation" });
  if (plan.resumeLast && !continuesLast(spec, items))
    throw new AoError("UNSUPPORTED", { subject, what: "going on with the last conversation of a directory" });
  if (plan.headless && beginsLikeOption(spec, plan))
    throw invalid(
      "prompt",
      plan.prompt.slice(0, 1),
      `must not begin with one of ${spec.launch.typedWhenFirst}`,
    );
}

/** Whether the prompt is typed: neither the command line nor the hooks take it. */
export function typesPrompt(spec: HarnessSpec, plan: PromptedLaunch): boolean {
  if (plan.headless || plan.prompt === "" || hooksCarryPrompt(spec.hooks, plan)) return false;
  return beginsLikeOption(spec, plan) || !mentions(templateOf(spec, plan), "prompt");
}

function beginsLikeOption(spec: HarnessSpec, plan: PromptedLaunch): boolean {
  return plan.prompt !== "" && (spec.launch.typedWhenFirst ?? "").includes(plan.prompt.slice(0, 1));
}

/** Only a command line of its own, or arguments for this case alone, continue anything without an id. */
function continuesLast({ launch }: HarnessSpec, items: readonly ArgItem[]): boolean {
  if (launch.resumeBy !== "directory") return false;
  return items === launch.resume || items === launch.headlessResume || hasResumeCase(items);
}

function mentions(items: readonly ArgItem[], value: "prompt" | "model" | "resume"): boolean {
  const place = `{${value}}`;
  return items.some((item) => {
    if (typeof item === "string") return item.includes(place);
    if ("insert" in item) return value === "prompt" && item.insert === "promptWords";
    return item.args.some((arg) => arg.includes(place));
  });
}

/** Values that stand after an option must not look like one. */
function checkValues(plan: LaunchPlan): void {
  if (plan.prompt.includes("\0")) throw invalid("prompt", "…", "must not contain a zero character");
  if (plan.model !== "" && !/^[^-\s\p{Cc}][^\s\p{Cc}]{0,255}$/u.test(plan.model))
    throw invalid("model", plan.model, "must be at most 256 characters without space, not starting with '-'");
  if (plan.resumeId !== undefined && !/^[A-Za-z0-9][\w.:-]{0,255}$/.test(plan.resumeId))
    throw invalid("resume_id", plan.resumeId, "must be an id of the agent");
}

function checkLength(argv: readonly string[]): void {
  const longest = Math.max(...argv.map((argument) => Buffer.byteLength(argument)));
  if (longest > MAX_ARGUMENT_BYTES)
    throw invalid("prompt", `${longest} bytes`, `must be shorter than ${MAX_ARGUMENT_BYTES - 100} bytes`);
}

function invalid(field: string, value: string, problem: string): AoError {
  return new AoError("INVALID_FIELD", { field, value, problem });
}

function witnessOf(spec: HarnessSpec, env: Readonly<Record<string, string>>): Record<string, string> {
  const found = Object.entries(spec.witness).map(([name, candidates]) => [
    name,
    firstExpanded(candidates, env),
  ]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/** Variables of an agent that refer to one that is not set are left out. */
function fillAll(
  templates: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const filled = Object.entries(templates).map(([name, template]) => [name, expand(template, env)]);
  return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
}
