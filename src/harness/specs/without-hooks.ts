import type { HarnessSpec } from "../spec.ts";

/** What all agents without hooks have in common: ao knows of their process alone. */
export const WITHOUT_HOOKS: Pick<
  HarnessSpec,
  "hooks" | "events" | "otherEvents" | "payload" | "capabilities" | "traits" | "witness"
> = {
  hooks: { strategy: "none" },
  events: {},
  otherEvents: [],
  payload: { fields: {}, toolInput: [], toolInputIgnored: [], backgroundTasks: [] },
  capabilities: {
    hooks: false,
    permissionSignal: false,
    turnEndSignal: false,
    exitSignal: false,
    resume: false,
    secondWitness: false,
    answer: false,
  },
  traits: { hooks: false, firstSignal: "launch", secondWitness: false },
  witness: {},
};

/** What those have in common whose screen shows a running turn and an empty composer: it is the witness of their turns. */
export const TOLD_BY_SCREEN: typeof WITHOUT_HOOKS = {
  ...WITHOUT_HOOKS,
  capabilities: { ...WITHOUT_HOOKS.capabilities, secondWitness: true },
  traits: { hooks: false, firstSignal: "prompt", secondWitness: true },
};
