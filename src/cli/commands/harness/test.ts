import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { AoError } from "../../../core/errors.ts";
import { formatTrace } from "../../../core/replay/make-trace.ts";
import { writeFileAtomic } from "../../../util/atomic-file.ts";
import { AoCommand } from "../../base-command.ts";
import { gradeOf } from "../../conformance/grade.ts";
import { DEFAULT_PROMPTS, PROMPT_STEPS, type PromptStep, type Prompts } from "../../conformance/prompts.ts";
import type { StepResult } from "../../conformance/run-conformance.ts";
import { EXIT } from "../../failure.ts";
import { durationFlag } from "../../flags.ts";
import { conformanceLines } from "../../render/conformance.ts";
import { stopSignal } from "../../stop-signal.ts";

export class HarnessTest extends AoCommand {
  static override summary = "Take an agent through every state for real, and grade what ao sees of it.";
  static override description =
    "Starts the real program in a scratch repository under a daemon of its own, with your HOME and environment (so it " +
    "uses your login, and some of your model's tokens), and keeps a recording that `ao replay` shows. Prompts are plain " +
    "English; `--prompt STEP=TEXT` replaces one.";
  static override examples = [
    "<%= config.bin %> harness test claude-code",
    "<%= config.bin %> harness test my-agent --binary ./my-agent --prompt exit=/quit",
  ];
  static override args = {
    id: Args.string({ description: "id of the harness", required: true, ignoreStdin: true }),
  };
  static override flags = {
    binary: Flags.string({ description: "program to test instead of the one on PATH", helpValue: "PATH" }),
    prompt: Flags.string({
      description: `text of a step (${PROMPT_STEPS.join(", ")})`,
      helpValue: "STEP=TEXT",
      multiple: true,
    }),
    repository: Flags.string({
      description:
        "work in a worktree of this repository, which your agent trusts already, not in a scratch one",
      helpValue: "PATH",
    }),
    timeout: durationFlag({ description: "longest wait for one state", default: 90_000 }),
    output: Flags.string({
      char: "o",
      description: "file of the recording (default: AO_HOME/harnesses/traces/<id>.jsonl)",
      helpValue: "FILE",
    }),
  };

  async run() {
    const { args, flags } = await this.parse(HarnessTest);
    const prompts = promptsOf(flags.prompt ?? []);
    const own = await (await this.client()).harnesses.get(args.id);
    if (own.trust !== undefined && own.trust !== "trusted") {
      throw new AoError("HARNESS_NOT_TRUSTED", { harness: args.id, path: own.filePath, state: own.trust });
    }
    const stop = stopSignal(process);
    try {
      const { runHarnessTest } = await import("../../conformance/run-harness-test.ts");
      const { harness, results, trace } = await runHarnessTest({
        ...this.context,
        harness: own,
        binary: flags.binary,
        repository: flags.repository,
        prompts,
        timeoutMs: flags.timeout,
        daemonMain: this.install.daemonMain,
        version: this.install.packageJson.version,
        onStep: (text) => this.note(this.context.palette.dim(text)),
        signal: stop.signal,
      });
      const output = flags.output ?? (await this.#tracePath(args.id));
      await writeFileAtomic(output, formatTrace(trace));
      return this.#report({ id: args.id, version: harness.version, results, output });
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      process.exitCode = EXIT.interrupted;
      return undefined;
    } finally {
      stop.dispose();
    }
  }

  async #tracePath(id: string): Promise<string> {
    const dir = join(this.context.paths.harnessesDir, "traces");
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return join(dir, `${id}.jsonl`);
  }

  #report(run: { id: string; version: string; results: readonly StepResult[]; output: string }) {
    const { id, version, results, output } = run;
    const grade = gradeOf(results);
    const { palette } = this.context;
    this.print([
      `${palette.bold(id)} ${version || "(its version is not known)"}`,
      "",
      ...conformanceLines({ results, grade, width: this.context.width(), palette }),
    ]);
    this.note(`recording: ${output}; see \`${this.context.program} replay ${output}\``);
    if (results.some(({ step, verdict }) => verdict === "failed" && step !== "start"))
      this.note(
        "a model may not have done what a plain English prompt asks: `--prompt STEP=TEXT` gives your own",
      );
    if (results.some(({ verdict }) => verdict === "failed")) process.exitCode = EXIT.failed;
    return { harness: id, version, grade, steps: results, recording: output };
  }
}

function promptsOf(given: readonly string[]): Prompts {
  const own = given.map((text): [PromptStep, string] => {
    const [name, ...rest] = text.split("=");
    const step = PROMPT_STEPS.find((known) => known === name);
    if (step && rest.length > 0) return [step, rest.join("=")];
    throw new AoError("USAGE", {
      problem: `--prompt "${text}" names no step`,
      hint: `Write STEP=TEXT with one of ${PROMPT_STEPS.join(", ")}.`,
    });
  });
  return { ...DEFAULT_PROMPTS, ...Object.fromEntries(own) };
}
