import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { AoError } from "../../../src/core/errors.ts";
import type { PreparedLaunch } from "../../../src/core/ports/harnesses.ts";
import { BUILT_IN_SPECS, createHarnesses } from "../../../src/harness/registry.ts";
import type { HarnessSpec } from "../../../src/harness/spec.ts";
import { suite } from "../../support/suite.ts";
import { type AgentPlace, agentPlace } from "./agent-place.ts";

/** One of each kind of trouble, and all at once. */
const HOSTILE = [
  "--dangerously-skip-permissions",
  "-",
  "@/etc/passwd",
  "/quit",
  "!ls",
  "two\nlines\n",
  'it\'s "quoted" `ls` $(touch pwned) $HOME \\ %s !! {prompt} {binary} {model} {dir}',
  `-x @y\n$(touch pwned) 'a' "b" \`c\` \u001b[31m ünïcode \u{1f600} ${"z".repeat(100_000)}`,
];

/** What the fake agent was started with. */
interface Dump {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  stdin: string;
}

suite("every harness: its launch", ({ test }) => {
  const harnesses = createHarnesses();

  for (const spec of BUILT_IN_SPECS) {
    for (const headless of spec.launch.headless ? [false, true] : [false]) {
      test(`${spec.id}: a hostile prompt arrives byte for byte, or is typed (${headless ? "headless" : "terminal"})`, async () => {
        using place = agentPlace();
        for (const prompt of HOSTILE) {
          const launchDir = place.newLaunchDir();
          const prepared = await prepare(spec, place, { prompt, headless, launchDir });
          if (!prepared) continue;
          // Every process costs: one prompt that has it all is passed to a program, the others are looked at.
          const argv = prompt === HOSTILE.at(-1) ? started(place, prepared) : prepared.argv;
          if (prepared.promptToType) {
            assert.not.ok(headless, "nobody can type without a terminal");
            assert.is(prepared.promptToType, prompt);
            assert.not.ok(argv.includes(prompt));
          } else assert.ok(carries(argv, prompt, spec), `${JSON.stringify(argv).slice(0, 300)}`);
          await harnesses.release(launchDir);
        }
        assert.is(place.git("status", "--porcelain"), "", "nothing of a prompt was run");
      });
    }

    test(`${spec.id}: model, conversation and every permission mode stand in arguments of their own or are refused`, async () => {
      using place = agentPlace();
      for (const permissionMode of ["default", "accept-edits", "auto", "bypass-permissions"] as const) {
        const told = { permissionMode, model: "maker/model-1", resumeId: "id-0123" };
        const plain = await prepare(spec, place, { permissionMode });
        assert.is(plain === undefined, !(permissionMode in spec.launch.permission));
        for (const [field, value] of [
          ["model", told.model],
          ["resumeId", told.resumeId],
        ] as const) {
          const prepared = await prepare(spec, place, { permissionMode, [field]: value });
          if (prepared) assert.ok(prepared.argv.some((arg) => arg === value || arg.endsWith(`=${value}`)));
          else if (plain) assert.ok(lacks(spec, field), `${spec.id} drops ${field}`);
        }
      }
    });
  }

  /** Undefined when the harness refuses the launch by a typed error. */
  async function prepare(spec: HarnessSpec, place: AgentPlace, fields: Parameters<AgentPlace["plan"]>[0]) {
    try {
      const plan = place.plan({ launchDir: place.newLaunchDir(), ...fields });
      return await harnesses.get(spec.id).prepare(plan);
    } catch (error) {
      if (error instanceof AoError && ["UNSUPPORTED", "INVALID_FIELD"].includes(error.reason))
        return undefined;
      throw error;
    }
  }
});

function lacks(spec: HarnessSpec, field: "model" | "resumeId"): boolean {
  const { interactive, resume } = spec.launch;
  const place = field === "model" ? "{model}" : "{resume}";
  return !JSON.stringify(field === "model" ? interactive : (resume ?? interactive)).includes(place);
}

/** As one argument, after an option's `=`, or as the words of a program that joins them. */
function carries(argv: readonly string[], prompt: string, spec: HarnessSpec): boolean {
  const joined = JSON.stringify(spec.launch.headless ?? []).includes("promptWords");
  if (joined && argv.slice(argv.indexOf("--") + 1).join(" ") === prompt) return true;
  return argv.some((arg, at) => {
    if (arg === prompt) return argv.indexOf("--") < at && argv.includes("--") ? true : !/^[-]/.test(prompt);
    const option = /^--[a-z-]+=/.exec(arg)?.[0];
    return option !== undefined && arg.slice(option.length) === prompt;
  });
}

/** Starts the agent as prepared; its arguments as they reached it. */
function started(place: AgentPlace, prepared: PreparedLaunch): string[] {
  const { argv, cwd, stdin, env } = run(place, prepared);
  assert.is(cwd, place.worktree);
  assert.is(stdin, "");
  assert.is(env.AO_LAUNCH_ID, place.plan().launchId, "the hooks' environment has the launch");
  assert.is(env.AO_SPOOL, place.spool, "and the spool");
  return argv;
}

function run(place: AgentPlace, prepared: PreparedLaunch): Dump {
  const plan = place.plan();
  const env: Record<string, string> = { ...plan.env, AO_TEST_DUMP: join(place.root, "bin") };
  for (const name of prepared.unsetEnv) delete env[name];
  const [command = "", ...args] = prepared.argv;
  const { status, error } = spawnSync(command, args, {
    cwd: plan.workspacePath,
    env: { ...env, ...prepared.env },
    input: "",
  });
  assert.is(status, 0, String(error));
  const dump = (name: string) => readFileSync(join(place.root, "bin", name), "utf8");
  return {
    argv: dump("argv").split("\0").slice(0, -1),
    cwd: dump("cwd").trim(),
    stdin: dump("stdin"),
    env: Object.fromEntries(
      dump("env")
        .split("\0")
        .map((line) => [line.split("=")[0] ?? "", line.slice(line.indexOf("=") + 1)]),
    ),
  };
}
