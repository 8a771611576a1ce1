import type { SessionInfo } from "../../src/cli/client-types.ts";

/** Epoch ms all times of these tests count from: 2026-01-02T03:04:05Z. */
export const T0 = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A session for rendering tests; fields that are not given are those of a session that works. */
export function sessionInfo(fields: Partial<SessionInfo> = {}): SessionInfo {
  return {
    id: "web-1",
    projectId: "web",
    harness: "demo",
    kind: "worker",
    name: "",
    status: "working",
    statusReason: "",
    process: { state: "running", pid: 4242 },
    activity: { state: "active", since: T0, lastSignalTime: T0 + 500, signalId: "s-1" },
    backgroundTasks: 0,
    launchId: "l1",
    nativeSessionId: "native-1",
    nativeSessionIds: ["native-1"],
    title: "fix the tests",
    summary: "",
    workspace: { path: "/w/web-1", branch: "ao/web-1", baseCommit: "abc" },
    runtime: "tmux",
    attachCommand: ["tmux", "attach"],
    permissionMode: "default",
    model: "",
    issue: "",
    labels: {},
    createTime: T0 - 1000,
    updateTime: T0 + 500,
    revision: 7,
    ...fields,
  };
}
