import type { ProcessIdentity } from "../../src/core/ports/runtime.ts";
import type { Signal } from "../../src/core/signal.ts";
import type { SessionView } from "../../src/lifecycle/api.ts";
import { eventually } from "../support/eventually.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import { rejects } from "../support/rejects.ts";
import type { Seen, World } from "./world.ts";

type Played = ReturnType<typeof playAgent>;

const DIALOG = "\n  Allow? [y/n] \n";
const COMPOSER = "\n› \n";

/** The lifecycle in this process: the demo agent is played, step by step as its script does. */
export async function createInProcessWorld(): Promise<World> {
  let world = await createInProcess();
  await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
  const players = new Map<string, Player>();
  const never = new AbortController().signal;

  const begin = async (view: SessionView, prompt: string, nativeSessionId: string) => {
    const player = createPlayer(() => world, view, nativeSessionId);
    players.set(view.session.id, player);
    await player.start(prompt);
  };
  const player = (id: string) => {
    const found = players.get(id);
    if (!found) throw new Error(`no agent is played for ${id}`);
    return found;
  };
  world.host.onKeys = (handle, keys) => {
    for (const one of players.values()) if (one.launchId === handle) void one.keys(keys);
  };
  const see = async (id: string) => seen(await world.sessions.get(id));

  return {
    see,
    async spawn(prompt) {
      const view = await world.sessions.spawn(spawnRequest({ prompt }));
      await begin(view, prompt, `native-${view.session.id}`);
      return view.session.id;
    },
    async until(id, status) {
      const reach = async () => {
        const now = await see(id);
        if (now.status === status) return now;
        await world.reaper.sweep();
        world.clock.advance(1000);
        throw new Error(`${id} is ${now.status}: ${now.reason}`);
      };
      return eventually(reach, { what: status, everyMs: 1 });
    },
    answer: async (id, answer) =>
      void (await world.sessions.answer({ sessionId: id, requestId: "", answer })),
    interrupt: async (id) => void (await world.sessions.interrupt(id)),
    typeAtTerminal: async (id, key) => player(id).keys([key]),
    async send(id, text) {
      const { stage } = await world.sessions.send(
        { sessionId: id, text, whenBusy: "wait", waitTimeoutMs: 5000, requestId: "", noWait: false },
        never,
      );
      return stage;
    },
    killAgent: async (id, signal) => player(id).die(signal),
    killEverything: async (id) => player(id).vanish(),
    stop: async (id) => void world.host.stopped.add((await see(id)).pid),
    goOn: async (id) => void world.host.stopped.delete((await see(id)).pid),
    kill: async (id) => void (await world.sessions.kill({ sessionId: id, graceMs: 10 }, never)),
    async restore(id) {
      const { view } = await world.sessions.restore({ sessionId: id, prompt: "" });
      await begin(view, "", player(id).nativeSessionId);
    },
    remove: async (id) => void (await world.sessions.remove(id)),
    exists: async (id) => {
      try {
        await world.sessions.get(id);
        return true;
      } catch (error) {
        await rejects(Promise.reject(error), "SESSION_NOT_FOUND");
        return false;
      }
    },
    async withoutDaemon(meanwhile) {
      for (const one of players.values()) one.hold();
      await meanwhile();
      world = await world.restart();
      for (const one of players.values()) await one.release();
    },
    async revisions() {
      const changes = await world.deps.store.listChanges({ after: 0, limit: 1000 });
      return changes.map((change) => change.revision);
    },
    close: () => world.close(),
  };
}

function seen(view: SessionView): Seen {
  const { facts } = view.session;
  return {
    status: view.status,
    reason: view.statusReason,
    pid: facts.process.pid ?? 0,
    launchId: facts.launchId,
    nativeSessionId: facts.nativeSessionIds.at(-1) ?? "",
    exitSignal: facts.process.exit?.signal ?? "",
    requestId: facts.requests[0]?.requestId ?? "",
  };
}

interface Player {
  launchId: string;
  nativeSessionId: string;
  start(prompt: string): Promise<void>;
  keys(keys: readonly string[]): Promise<void>;
  die(signal: string): Promise<void>;
  vanish(): void;
  /** Keeps signals back, as a spool does while there is no daemon. */
  hold(): void;
  release(): Promise<void>;
}

function createPlayer(world: () => InProcess, view: SessionView, nativeSessionId: string): Player {
  const { launchId } = view.session.facts;
  const agent: Played = playAgent(world(), view);
  let held: Signal[] | undefined;
  let asking = false;

  const emit = async (signal: Signal) => {
    world().clock.advance(1);
    if (held) held.push({ ...signal, observedTime: world().clock.now() });
    else await world().activity.report([{ ...signal, observedTime: world().clock.now() }]);
  };
  const hook = (event: string, fields: Signal["fields"] = {}) =>
    emit(agent.signal("hook", event, { nativeSessionId, ...fields }));
  const show = (text: string) => world().host.screens.set(launchId, text);
  const turn = async (prompt: string) => {
    await hook("prompt", { prompt });
    if (prompt.startsWith("ask")) {
      await hook("permission-request", { toolName: "Bash", toolUseId: "t1", requestId: "r1" });
      show(DIALOG);
      asking = true;
    } else if (prompt.startsWith("finish")) {
      await hook("turn-end", { message: "done" });
      show(COMPOSER);
    }
  };
  const decide = async (reason: "approve" | "deny") => {
    asking = false;
    show(COMPOSER);
    await hook("permission-reply", { requestId: "r1", reason });
    if (reason === "approve") await hook("tool-end", { toolName: "Bash", toolUseId: "t1" });
    await hook("turn-end", { message: "done" });
  };
  const alive = (identity: ProcessIdentity) =>
    world().host.alive.set(agent.pid, { identity, sessionId: view.session.id });

  return {
    launchId,
    nativeSessionId,
    async start(prompt) {
      alive(agent.identity);
      show(COMPOSER);
      await emit(
        agent.signal("process", "ao-process-started", {
          pid: agent.pid,
          pidStartTicks: agent.identity.startTicks,
        }),
      );
      await hook("session-start");
      if (prompt) await turn(prompt);
    },
    async keys([key]) {
      if (asking && (key === "y" || key === "n")) await decide(key === "y" ? "approve" : "deny");
      else if (key === "Escape") await hook("interrupted");
      else if (key === "Enter") await turn(world().host.typed.get(launchId)?.at(-2) ?? "");
    },
    async die(exitSignal) {
      world().host.alive.delete(agent.pid);
      await emit(agent.signal("process", "ao-process-exited", { exitSignal }));
    },
    vanish: () => agent.vanish(),
    hold() {
      held = [];
    },
    async release() {
      const signals = held ?? [];
      held = undefined;
      await world().activity.report(signals);
    },
  };
}
