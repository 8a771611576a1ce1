import { AoError } from "../core/errors.ts";
import type { Session } from "../core/session.ts";
import type { ActivityLog, Sessions, SessionView } from "./api.ts";
import { explainSession, withMeaning } from "./book/explain.ts";
import { listSessions } from "./book/list.ts";
import { createWatch } from "./book/watch.ts";
import { watchSignals } from "./book/watch-signals.ts";
import type { LifecycleDeps } from "./deps.ts";
import { answerRequest } from "./end/answer.ts";
import { interruptTurn } from "./end/interrupt.ts";
import { killSession } from "./end/kill.ts";
import { removeSession } from "./end/remove.ts";
import type { Undertaker } from "./end/undertaker.ts";
import { checkName, findProject, findSession } from "./lookups.ts";
import { handleOf } from "./new-launch.ts";
import type { Outbox } from "./outbox/outbox.ts";
import { sendMessage } from "./outbox/send.ts";
import type { AbandonedStarts } from "./start/abandoned-starts.ts";
import type { LaunchFiles } from "./start/launch-files.ts";
import { createPlanRestore, type ProjectsSeen } from "./start/plan-restore.ts";
import { restoreSession } from "./start/restore.ts";
import { spawnSession } from "./start/spawn.ts";
import { createTranscripts } from "./start/transcripts.ts";
import { createViews } from "./views.ts";
import { waitForSession } from "./wait.ts";

/** The lifecycle as the server calls it. One command at a time per session; reads never wait for them. */
export function createManager(
  deps: LifecycleDeps,
  parts: { files: LaunchFiles; undertaker: Undertaker; abandonedStarts: AbandonedStarts; outbox: Outbox },
): { sessions: Sessions; activity: ActivityLog } {
  const { store, book, clock, harnesses, runtimes } = deps;
  const { files, undertaker, outbox } = parts;
  const view = createViews({
    harnesses,
    runtimes,
    now: clock.now,
    handleOf: (session) => handleOf(deps, session),
  });
  const plan = createPlanRestore(deps, files, createTranscripts());
  const present = async (session: Session): Promise<SessionView> => withPlan(view(session));
  const withPlan = async (shown: SessionView, projects?: ProjectsSeen): Promise<SessionView> => {
    const restore = await plan(shown.session, projects);
    return restore ? { ...shown, restore } : shown;
  };
  const find = (idOrName: string) => findSession(deps, idOrName);
  const fresh = async (session: Session): Promise<SessionView> =>
    present((await book.get(session.id)) ?? session);
  const exclusively = async <T>(idOrName: string, task: (session: Session) => Promise<T>): Promise<T> => {
    const { id } = await find(idOrName);
    return deps.rowLocks.run(`session ${id}`, async () => task(await find(id)));
  };

  const sessions: Sessions = {
    spawn: async (request) => present(await spawnSession({ deps, ...parts }, request)),
    get: async (sessionId) => present(await find(sessionId)),
    async list(options) {
      if (options.projectId) await findProject(store, options.projectId);
      const page = await listSessions({ store, book, view }, options);
      const projects: ProjectsSeen = new Map();
      return { ...page, rows: await Promise.all(page.rows.map((row) => withPlan(row, projects))) };
    },
    update: (sessionId, fields) =>
      exclusively(sessionId, async (session) => {
        if (fields.name) await checkName(store, fields.name, session);
        return present(await book.edit(session.id, (current) => ({ ...current, ...fields })));
      }),
    send: async (request, signal) =>
      sendMessage(outbox, { session: await find(request.sessionId), request }, signal),
    async listMessages(options) {
      const { id } = await find(options.sessionId);
      return store.listMessages({ ...options, sessionId: id });
    },
    waitMessage: ({ messageId, timeoutMs }, signal) => outbox.wait(messageId, { timeoutMs, signal }),
    cancelMessage: (messageId) => outbox.cancel(messageId),
    async interrupt(sessionId) {
      const session = await find(sessionId);
      const interrupted = await interruptTurn(deps, session);
      return { view: await fresh(session), interrupted };
    },
    async answer(request) {
      const { id } = await find(request.sessionId);
      // Two answers at once would press the second one's keys into whatever comes after the dialog.
      return deps.rowLocks.run(`answer ${id}`, async () => {
        const session = await find(id);
        await answerRequest(deps, session, request);
        return fresh(session);
      });
    },
    async kill({ sessionId, graceMs }, signal) {
      const session = await find(sessionId);
      return present(
        await killSession(deps, session, { graceMs, signal, beforeDispose: undertaker.keepScreen }),
      );
    },
    restore: (request) =>
      exclusively(request.sessionId, async (session) => {
        const restored = await restoreSession({ deps, files, plan, outbox }, { ...request, session });
        return { view: view(restored.session), mode: restored.mode };
      }),
    async remove(sessionId) {
      try {
        return await exclusively(sessionId, (session) => removeSession(deps, files, session));
      } catch (error) {
        if (error instanceof AoError && error.reason === "SESSION_NOT_FOUND") return {};
        throw error;
      }
    },
    watch: createWatch({ book, clock, view }),
    async wait(request, signal) {
      const { id } = await find(request.sessionId);
      const wanted = new Set(request.statuses);
      const found = await waitForSession(book, id, (session) => wanted.has(view(session).status), {
        timeoutMs: request.timeoutMs,
        signal,
      });
      if (found) return present(found);
      const { status } = view(await find(id));
      throw new AoError("WAIT_TIMED_OUT", {
        session: id,
        status,
        seconds: request.timeoutMs / 1000,
      });
    },
    async terminal(sessionId, lines) {
      const session = await find(sessionId);
      const { launchId } = session.facts;
      const text =
        (await runtimes[session.runtime].capture(handleOf(deps, session), lines)) ??
        lastLines(await files.readScreen(session.id, launchId), lines);
      if (text === undefined) throw new AoError("TERMINAL_GONE", { session: session.id });
      return text;
    },
  };

  const activity: ActivityLog = {
    report: (signals) => book.report(signals),
    async list(options) {
      const session = await find(options.sessionId);
      const rows = await store.listSignals({ ...options, sessionId: session.id, newestFirst: true });
      return rows.map((row) => withMeaning(row, session, deps.harnesses));
    },
    async *watch(options, signal) {
      const sessionId = options.sessionId ? (await find(options.sessionId)).id : undefined;
      yield* watchSignals({ store, book }, { ...options, sessionId }, signal);
    },
    explain: async (sessionId) => explainSession({ ...deps, view }, await find(sessionId)),
  };
  return { sessions, activity };
}

function lastLines(text: string | undefined, lines: number): string | undefined {
  return text?.trimEnd().split("\n").slice(-lines).join("\n");
}
