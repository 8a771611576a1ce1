import { existsSync } from "node:fs";
import { readLockHolder } from "../../../src/util/lock-holder.ts";
import { eventually } from "../../support/eventually.ts";
import type { RealDaemon } from "../../support/real-daemon.ts";
import { type Members, reach, type Ship } from "./fleet.ts";

export interface Scene {
  daemon: RealDaemon;
  /** The ship it happens to, or from within which. */
  ship: Ship;
}

/** Something that goes wrong, and what must be said of the one ship that may be hurt by it. */
export interface Accident {
  name: string;
  /** Only where all processes that can be seen are the test's own. */
  namespace?: true;
  /** "short" is among the few that every test run has, "long" takes minutes. */
  form?: "short" | "long";
  happen(scene: Scene): Promise<void>;
  /** The status it ends in; absent when not even that ship is hurt. */
  status?: "failed" | "lost";
  reason?: RegExp;
}

/** What the process table or the files of one session are put through; the daemon is started again where it died. */
export const ACCIDENTS: readonly Accident[] = [
  {
    name: "kill -9 the daemon",
    form: "short",
    async happen({ daemon }) {
      await daemon.kill();
      await daemon.start();
    },
  },
  {
    name: "kill -9 the shim",
    form: "short",
    async happen({ daemon }) {
      const shim = await readLockHolder(daemon.paths.shimLockPath);
      if (shim === undefined) throw new Error("no shim runs");
      process.kill(shim, "SIGKILL");
    },
  },
  { name: "kill -9 one agent", happen: killing("agent"), status: "failed", reason: /SIGKILL/ },
  {
    name: "kill -9 one ao-run",
    form: "short",
    happen: killing("launcher"),
    status: "lost",
    reason: /nobody saw it end/,
  },
  {
    name: "kill -9 one pane's shell",
    happen: killing("shell"),
    status: "failed",
    reason: /SIGHUP|terminal is gone/,
  },
  {
    name: "kill -9 one tmux server",
    form: "short",
    happen: killing("server"),
    status: "failed",
    reason: /terminal is gone/,
  },
  {
    name: "tmux kill-server from inside",
    form: "short",
    happen: ordering("run tmux kill-server"),
    status: "failed",
    reason: /terminal is gone/,
  },
  {
    name: "tmux kill-session from inside",
    happen: ordering("run tmux kill-session"),
    status: "failed",
    reason: /terminal is gone/,
  },
  {
    name: "kill -9 of its own process group",
    happen: ordering("run kill -9 -$(ps -o pgid= -p $$ | tr -d ' ')"),
    status: "lost",
    reason: /nobody saw it end/,
  },
  {
    name: "its own agent ends with code 3",
    happen: ordering("self exit 3"),
    status: "failed",
    reason: /code 3/,
  },
  {
    name: "pkill tmux from inside",
    form: "short",
    namespace: true,
    happen: obeying('run pkill tmux; pkill -f "[t]mux"'),
  },
  { name: "killall tmux from inside", namespace: true, happen: obeying("run killall tmux") },
  { name: "kill $(pidof tmux) from inside", namespace: true, happen: obeying("run kill -9 $(pidof tmux)") },
  {
    name: "pkill -f node from inside",
    namespace: true,
    async happen({ daemon, ship }) {
      // This test runs as the namespace's init, which the kernel spares.
      await ship.obey('run pkill -9 -f "[n]ode"');
      await daemon.kill();
      await daemon.start();
    },
  },
  { name: "rm -rf of its worktree from inside", happen: obeying('run rm -rf "$PWD"') },
  {
    name: "git worktree remove --force from inside",
    form: "short",
    happen: obeying("run git worktree remove --force ."),
  },
  {
    name: "rm -rf of the spool from inside",
    form: "short",
    async happen({ daemon, ship }) {
      await ship.obey('run rm -rf "$AO_SPOOL"');
      await eventually(() => existsSync(daemon.paths.spoolDir), { timeoutMs: 20_000 });
    },
  },
  {
    name: "rm -rf of its session's directory from inside",
    happen: obeying('run rm -rf "$(dirname "$(dirname "$AO_TOKEN_FILE")")"'),
  },
  {
    name: "closes its stdin, stdout and stderr",
    happen: obeying("self exec <&- >&- 2>&-"),
  },
  {
    name: "fills its terminal with 20 MB",
    happen: obeying("run yes 'all work and no play' | head -c 20000000"),
  },
  {
    name: "fills its terminal with 500 MB",
    form: "long",
    happen: obeying("run yes 'all work and no play' | head -c 500000000", 300_000),
  },
  { name: "writes 3000 spool files", happen: flooding(3000) },
  { name: "writes 100 000 spool files", form: "long", happen: flooding(100_000) },
  {
    name: "its tmux server is stopped",
    form: "short",
    async happen({ daemon, ship }) {
      const { server } = await ship.members();
      process.kill(server, "SIGSTOP");
      // Hooks need no terminal: the agent goes on, and nothing of it is declared dead.
      await ship.obey("hook prompt");
      await reach(daemon, ship.id, "working");
      await daemon.client.sessions.list({ pageSize: 500 });
      process.kill(server, "SIGCONT");
      await ship.obey("hook turn-end");
      await reach(daemon, ship.id, "idle");
    },
  },
];

function killing(member: keyof Members) {
  return async ({ ship }: Scene) => void process.kill((await ship.members())[member], "SIGKILL");
}

function ordering(line: string) {
  return async ({ ship }: Scene) => ship.order(line);
}

function obeying(line: string, timeoutMs?: number) {
  return async ({ ship }: Scene) => ship.obey(line, timeoutMs);
}

/** Files as its own hooks make them. */
function flooding(count: number) {
  const file = '"$AO_SPOOL/$AO_LAUNCH_ID.$$-$i.flood"';
  const loop = `run i=0; while [ $i -lt ${count} ]; do echo "{}" >${file}; i=$((i+1)); done`;
  return obeying(loop, 300_000);
}
