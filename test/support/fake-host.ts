import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AoError } from "../../src/core/errors.ts";
import { LAUNCHER_FILE } from "../../src/core/launch-manifest.ts";
import type {
  ProbeResult,
  ProcessIdentity,
  ProcessTable,
  Runtime,
  StartRequest,
  TerminalLook,
} from "../../src/core/ports/runtime.ts";
import type { Workspaces } from "../../src/core/ports/workspaces.ts";

/** A host without processes: a terminal and a process table that tests steer. */
export interface FakeHost {
  runtime: Runtime;
  processes: ProcessTable;
  workspaces: Workspaces;
  /** Starts that were asked for, oldest first. */
  starts: StartRequest[];
  /** What was typed, per handle: pastes as text, keys in angle brackets. */
  typed: Map<string, string[]>;
  /** What terminals show. */
  screens: Map<string, string>;
  /** Called after keys were pressed, so that a test can play the agent. */
  onKeys: (handle: string, keys: readonly string[]) => void;
  /** Called after a paste; by default the text stands in the composer then. */
  onPaste: (handle: string, text: string) => void;
  /** What the next looks at a terminal see beside its text; the last one stays. */
  looks: Map<string, Partial<TerminalLook>[]>;
  /** Newest keystroke by handle. */
  tokens: Map<string, string>;
  alive: Map<number, { identity: ProcessIdentity; sessionId: string; argv?: readonly string[] }>;
  panes: Map<string, ProbeResult>;
  /** Pids that are held by a signal. */
  stopped: Set<number>;
  /** Handles whose probe and screen hang, each with what lets them go on. */
  hung: Map<string, Promise<void>>;
  /** Probes of a pane so far, answered or not. */
  paneProbes: string[];
  worktrees: Set<string>;
  /** Branches that somebody has deleted. */
  lostBranches: Set<string>;
  bootId: string;
  /** Makes one step fail: "check", "start", "create". */
  failing: Set<string>;
  /** Makes one step never end: "start", "create". */
  hanging: Set<string>;
  /** What has every terminal. */
  foreground: readonly string[] | undefined;
  /** What probes answer instead of looking. */
  blind: boolean;
  /** What was undone or disposed, in order. */
  journal: string[];
}

export function createFakeHost(): FakeHost {
  const host: FakeHost = {
    starts: [],
    typed: new Map(),
    screens: new Map(),
    onKeys: () => {},
    onPaste: (handle, text) => {
      host.screens.set(handle, (host.screens.get(handle) ?? "").replace(/› ?\n?$/, `› ${text}`));
    },
    looks: new Map(),
    tokens: new Map(),
    alive: new Map(),
    panes: new Map(),
    stopped: new Set(),
    hung: new Map(),
    paneProbes: [],
    worktrees: new Set(),
    lostBranches: new Set(),
    bootId: "boot-1",
    failing: new Set(),
    hanging: new Set(),
    blind: false,
    journal: [],
  } as Partial<FakeHost> as FakeHost;
  host.runtime = fakeRuntime(host);
  host.processes = fakeProcesses(host);
  host.workspaces = fakeWorkspaces(host);
  return host;
}

function fakeRuntime(host: FakeHost): Runtime {
  const type = (handle: string, text: string) => {
    host.typed.set(handle, [...(host.typed.get(handle) ?? []), text]);
  };
  return {
    kind: "tmux",
    check: async () => (host.failing.has("check") ? "not installed" : undefined),
    handleFor: ({ launchId }) => launchId,
    async start(handle, request) {
      host.journal.push(`start ${request.sessionId}`);
      if (host.hanging.has("start")) return new Promise(() => {});
      if (host.failing.has("start")) throw new Error("the terminal would not start");
      host.starts.push(request);
      writeFileSync(join(request.launchDir, LAUNCHER_FILE), "1 1\n");
      host.panes.set(handle, "alive");
      host.screens.set(handle, "");
    },
    async probe(handle) {
      host.paneProbes.push(handle);
      const release = host.hung.get(handle);
      await release;
      return host.blind || release ? "unknown" : (host.panes.get(handle) ?? "dead");
    },
    async capture(handle) {
      await host.hung.get(handle);
      return host.screens.get(handle);
    },
    async look(handle) {
      const text = host.screens.get(handle);
      const [before, ...after] = host.looks.get(handle) ?? [];
      if (after.length > 0) host.looks.set(handle, after);
      return text === undefined ? undefined : { text, cursor: text, scrolled: false, ...before };
    },
    async typeOnce(handle, { token, type: keys, cursor }) {
      const shown = host.screens.get(handle);
      if (shown === undefined) throw new AoError("TERMINAL_GONE", { session: handle });
      if (cursor !== undefined && cursor !== shown) return "moved";
      host.tokens.set(handle, token);
      if ("paste" in keys) await host.runtime.paste(handle, keys.paste);
      else await host.runtime.press(handle, [keys.key]);
      return "typed";
    },
    wasTyped: async (handle, token) => host.tokens.get(handle) === token,
    async paste(handle, text) {
      type(handle, text);
      host.onPaste(handle, text);
    },
    async press(handle, keys) {
      type(handle, `<${keys.join(" ")}>`);
      host.onKeys(handle, keys);
    },
    attachCommand: (handle) => ["attach", handle],
    async dispose(handle) {
      host.journal.push(`dispose ${handle}`);
      host.panes.delete(handle);
      host.screens.delete(handle);
    },
  };
}

function fakeProcesses(host: FakeHost): ProcessTable {
  const tagged = (sessionId: string) => [...host.alive.values()].filter((one) => one.sessionId === sessionId);
  const probe = async ({ pid, startTicks }: ProcessIdentity) => {
    if (host.blind) return "unknown";
    return host.alive.get(pid)?.identity.startTicks === startTicks ? "alive" : "dead";
  };
  const look = async (identity: ProcessIdentity) => {
    const seen = await probe(identity);
    return seen === "alive" && host.stopped.has(identity.pid) ? "stopped" : seen;
  };
  return {
    identify: async (pid) => host.alive.get(pid)?.identity,
    probe,
    look,
    lookAll: (identities) => Promise.all(identities.map(look)),
    bootId: async () => host.bootId,
    hearTerminal: () => undefined,
    foreground: async () => host.foreground,
    findByTag: async ({ sessionId }) => tagged(sessionId).map((one) => one.identity),
    async killTree({ tag, only = () => true }) {
      host.journal.push(`kill ${tag.sessionId}`);
      for (const { identity, argv = [] } of tagged(tag.sessionId))
        if (only(argv)) host.alive.delete(identity.pid);
      return [];
    },
  };
}

function fakeWorkspaces(host: FakeHost): Workspaces {
  return {
    async inspect(path) {
      if (path.includes("missing")) throw new AoError("PATH_NOT_FOUND", { path });
      return { root: path, currentBranch: "main" };
    },
    check: async () => ({ baseCommit: "c0ffee" }),
    async create({ path }) {
      if (host.hanging.has("create")) return new Promise(() => {});
      if (host.failing.has("create"))
        throw new AoError("WORKSPACE_FAILED", { action: "add a worktree", path, problem: "disk full" });
      host.worktrees.add(path);
    },
    follow: async () => false,
    async recreate({ path }) {
      host.worktrees.add(path);
    },
    async remove({ path, sessionId }) {
      host.journal.push(`remove worktree ${sessionId}`);
      host.worktrees.delete(path);
      return {};
    },
    hasBranch: async ({ branch }) => !host.lostBranches.has(branch),
    changes: async () => [],
    listSalvages: async () => [],
    restoreSalvage: async ({ path, branch }) => ({ path, branch, notes: [] }),
    dropSalvage: async () => true,
  };
}
