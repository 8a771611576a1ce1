import type { Session } from "../../src/core/session.ts";

/** What a worker's session in a terminal has when nobody asked for anything special. */
export const PLAIN_SESSION = {
  kind: "worker",
  name: "",
  runtime: "tmux",
  permissionMode: "default",
  model: "",
  issue: "",
  labels: {},
} as const satisfies Partial<Session>;
