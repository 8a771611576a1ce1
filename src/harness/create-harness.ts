import type { Harness } from "../core/ports/harnesses.ts";
import type { PermissionMode } from "../core/session.ts";
import { answerKeys } from "./answer-keys.ts";
import { explainScreen } from "./explain-screen.ts";
import { extract } from "./extract.ts";
import { eventRows, interpret } from "./interpret.ts";
import { createLocator } from "./locate.ts";
import { prepare, typesPrompt } from "./prepare.ts";
import { createTrustedHooks } from "./provision/codex-trust.ts";
import { readComposer, readScreen, showsBusy } from "./screen.ts";
import type { HarnessSpec, HookSpec } from "./spec.ts";

/** A composer that is seen between two steps of a turn goes sooner, whatever the agent. */
const REST_MS = 2000;

/** Creates a harness from its spec: all that is particular to an agent stands in the spec. */
export function createHarness(spec: HarnessSpec): Harness {
  const trustedHooks = createTrustedHooks();
  const { helperArgument } = spec.launch;
  return {
    id: spec.id,
    displayName: spec.displayName,
    binaries: spec.binary.names,
    capabilities: spec.capabilities,
    traits: spec.traits,
    ...(spec.capabilities.resume && { resumeBy: spec.launch.resumeBy ?? "id" }),
    permissionModes: Object.keys(spec.launch.permission) as PermissionMode[],
    events: eventRows(spec),
    evidence: spec.facts.evidence,
    evidenceVersion: spec.facts.version,
    evidenceSource: spec.facts.source,
    factNotes: Object.entries(spec.facts.but ?? {}).map(([area, fact]) => ({ area, ...fact })),
    promptDelivery: spec.launch.prompt,
    limits: spec.limits,
    gates: spec.gates,
    worktreeFiles: worktreeFiles(spec.hooks),
    keys: spec.keys,
    answerKeys: (answer, screen) => answerKeys(spec.keys, answer, screen),
    ...(spec.transcriptHolds && { holdsConversation: matcher(spec.transcriptHolds) }),
    ...(helperArgument && { isHelper: (argv) => argv.includes(helperArgument) }),
    binaryVariable: spec.binary.variable,
    locate: createLocator(spec.binary),
    typesPrompt: (launch) => typesPrompt(spec, launch),
    prepare: (plan) => prepare(spec, plan, trustedHooks),
    interpret: (event, fields) => interpret(spec, event, fields),
    extract: (_event, text) => extract(spec.payload, text),
    readScreen: (text) => readScreen(spec.screen, text),
    explainScreen: (text) => explainScreen(spec.screen, text),
    ...(spec.screen.tellsTurns && { showsBusy: (text) => showsBusy(spec.screen, text) }),
    restMs: spec.screen.restMs ?? REST_MS,
    readsReady: spec.screen.ready.length > 0,
    readsDialog: spec.screen.dialog.length > 0,
    readsComposer: spec.screen.composer !== undefined,
    readComposer: (text) => readComposer(spec.screen, text),
  };
}

function matcher(pattern: string): (line: string) => boolean {
  const expression = new RegExp(pattern);
  return (line) => expression.test(line);
}

function worktreeFiles(hooks: HookSpec): string[] {
  if (hooks.strategy !== "files") return [];
  return hooks.files.filter(({ place }) => place === "worktree").map(({ path }) => path);
}
