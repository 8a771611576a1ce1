import type { HarnessSpec } from "../spec.ts";
import { NESTED_AGENT_VARIABLES } from "./nested-agents.ts";
import { FAMILY_LIMITS, opencode } from "./opencode.ts";

/**
 * Kilo Code. A fork of opencode: the same plugin, events and payloads under names of its own. Facts seen with 7.7.9
 * against a mock model unless a line says otherwise.
 */
export const kilocode: HarnessSpec = {
  id: "kilocode",
  displayName: "Kilo Code",
  facts: {
    evidence: "seen",
    version: "7.7.9",
    source: "run against a mock model, terminal and run",
    but: {
      binary: {
        evidence: "documented",
        source: "the npm package of this version has no Linux program; its platform package has",
      },
    },
  },
  binary: {
    names: ["kilo", "kilocode"],
    variable: "AO_KILOCODE_BIN",
    extraDirs: ["~/.kilo/bin"],
    versionArgs: ["--version"],
    versionPattern: "^v?(\\d+\\.\\S+)",
    native: [
      "../../cli-{platform}-{arch}/bin/kilo",
      "../node_modules/@kilocode/cli-{platform}-{arch}/bin/kilo",
    ],
  },
  launch: {
    ...opencode.launch,
    permissionHint:
      'Kilo Code reviews nothing by itself: use "accept-edits" (commands ask) or "bypass-permissions" (nothing asks).',
    unsetEnv: [
      ...NESTED_AGENT_VARIABLES,
      "KILO",
      "KILO_CLIENT",
      "KILO_PID",
      "KILO_PROCESS_ROLE",
      "KILO_RUN_ID",
    ],
  },
  hooks: {
    strategy: "opencode-plugin",
    variable: "KILO_CONFIG_CONTENT",
    asset: "assets/opencode-plugin.js",
    promptVariable: "AO_PLUGIN_PROMPT",
    restoreVariable: "AO_PLUGIN_RESTORE",
  },
  events: {
    ...opencode.events,
    // Read from the program: the model cannot be reached, and a dialog offers to try again; it goes by itself, too,
    // some seconds after the network is back.
    "session.network.asked": "question_request",
    "session.network.replied": "request_answered",
    "session.network.rejected": "request_answered",
    // Read from the program: its "suggest" tool offers what to do next and waits.
    "suggestion.shown": "question_request",
    "suggestion.accepted": "request_answered",
    "suggestion.dismissed": "request_answered",
  },
  otherEvents: [
    ...opencode.otherEvents,
    "session.drained",
    "session.network.restored",
    "session.turn.open",
    "session.turn.close",
  ],
  payload: opencode.payload,
  capabilities: { ...opencode.capabilities, secondWitness: true },
  limits: [
    ...FAMILY_LIMITS,
    "Killed in a compaction and restored, it tells its model nothing of what went before.",
  ],
  gates: [{ gate: "welcome", how: "named", note: "the first start ever shows it: close it once" }],
  traits: { hooks: true, firstSignal: "launch", secondWitness: true },
  witness: { database: ["{XDG_DATA_HOME}/kilo/kilo.db", "{HOME}/.local/share/kilo/kilo.db"] },
  screen: {
    ...opencode.screen,
    version: "7.7.9",
    gates: [{ gate: "welcome", lines: 40, all: ["Welcome to Kilo"] }],
    // Three dots where opencode has one character.
    placeholders: ["Ask anything(…|\\.\\.\\.).*"],
    ready: [
      { lines: 14, all: ["┃\\s+Ask anything(…|\\.\\.\\.)", "ctrl\\+p commands"] },
      ...opencode.screen.ready.slice(1),
    ],
  },
  // It asks what to do instead, and denies at the Enter that follows; a second Escape would take the dialog back.
  keys: opencode.keys,
};
