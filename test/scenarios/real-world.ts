import { execFileSync } from "node:child_process";
import { ClientError } from "../../src/client/client-error.ts";
import { createProcessTable } from "../../src/runtime/process-table.ts";
import { sendSignal } from "../../src/util/send-signal.ts";
import type { SessionInfo } from "../../src/wire/session-info.ts";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon } from "../support/real-daemon.ts";
import type { Seen, World } from "./world.ts";

/** Real processes all the way: daemon, shim, tmux, git, SQLite, gRPC and the demo agent with its hooks. */
export async function createRealWorld(): Promise<World> {
  const daemon = await createRealDaemon();
  const processes = createProcessTable({ scope: { AO_HOME: daemon.paths.home } });
  const sessions = () => daemon.client.sessions;
  const get = (sessionId: string) => sessions().get(sessionId);
  const pidOf = async (sessionId: string) => {
    const { pid } = (await get(sessionId)).process;
    if (!pid) throw new Error(`${sessionId} has no pid`);
    return pid;
  };
  const terminals = new Map<string, string>();
  const pids = new Map<string, number>();
  const seen = (session: SessionInfo): Seen => {
    if (session.process.pid) pids.set(session.id, session.process.pid);
    return toSeen(session);
  };

  return {
    see: async (id) => seen(await get(id)),
    async spawn(prompt) {
      const { id } = await sessions().spawn({
        projectId: "shop",
        harness: "demo",
        prompt,
        environment: daemon.env,
      });
      return id;
    },
    async until(id, status) {
      const session = await sessions().wait({ sessionId: id, statuses: [status], timeoutMs: 30_000 });
      terminals.set(id, socketOf(session) ?? terminals.get(id) ?? "");
      return seen(session);
    },
    answer: async (id, answer) =>
      void (await retryDialog(() => sessions().answer({ sessionId: id, answer }))),
    interrupt: async (id) => void (await sessions().interrupt(id)),
    async typeAtTerminal(id, key) {
      execFileSync("tmux", ["-S", terminals.get(id) ?? "", "send-keys", key]);
    },
    send: async (id, text) => (await sessions().send({ sessionId: id, text })).stage,
    killAgent: async (id, signal) => void process.kill(known(id), signal),
    async killEverything(id) {
      // Launcher and terminal first, or they would tell.
      const tagged = await processes.findByTag({ sessionId: id });
      const agent = await pidOf(id);
      for (const { pid } of tagged.filter((one) => one.pid !== agent)) sendSignal(pid, "SIGKILL");
      sendSignal(agent, "SIGKILL");
    },
    stop: async (id) => void process.kill(known(id), "SIGSTOP"),
    goOn: async (id) => void process.kill(known(id), "SIGCONT"),
    kill: async (id) => void (await sessions().kill({ sessionId: id, graceMs: 2000 })),
    restore: async (id) => void (await sessions().restore({ sessionId: id, environment: daemon.env })),
    remove: async (id) => void (await sessions().remove(id)),
    async exists(id) {
      try {
        await get(id);
        return true;
      } catch (error) {
        if (error instanceof ClientError && error.reason === "SESSION_NOT_FOUND") return false;
        throw error;
      }
    },
    async withoutDaemon(meanwhile) {
      await daemon.kill();
      await meanwhile();
      await daemon.start();
    },
    async revisions() {
      const { revision: head } = await sessions().list();
      const stop = new AbortController();
      const revisions: number[] = [];
      for await (const update of sessions().watch({ afterRevision: 0 }, stop.signal)) {
        revisions.push(update.revision);
        if (update.revision === head) break;
      }
      stop.abort();
      return revisions;
    },
    close: () => daemon.close(),
  };

  function known(id: string): number {
    const pid = pids.get(id);
    if (!pid) throw new Error(`${id} was never seen with a pid`);
    return pid;
  }
}

function toSeen(session: SessionInfo): Seen {
  if (!session.status) throw new Error(`${session.id} has a status this client does not know`);
  return {
    status: session.status,
    reason: session.statusReason,
    pid: session.process.pid ?? 0,
    launchId: session.launchId,
    nativeSessionId: session.nativeSessionId,
    exitSignal: session.process.exit?.signal ?? "",
    requestId: session.activity.waitingOn?.requestId ?? "",
  };
}

function socketOf(session: SessionInfo): string | undefined {
  return session.attachCommand[session.attachCommand.indexOf("-S") + 1];
}

/** The dialog stands on the screen a moment after its hook: the answer is refused until it does. */
async function retryDialog(answer: () => Promise<unknown>): Promise<void> {
  await eventually(async () => (await answer()) ?? true, { what: "the dialog on screen", everyMs: 100 });
}
