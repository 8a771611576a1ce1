import type { EntityManager } from "@mikro-orm/sqlite";
import { AoError } from "../core/errors.ts";
import type { Store } from "../core/ports/store.ts";
import type { ProcessState, Session } from "../core/session.ts";
import type { Database } from "./database.ts";
import { LaunchEntity } from "./entities/launch-entity.ts";
import { SessionEntity } from "./entities/session-entity.ts";
import { cutPage } from "./page.ts";
import { fromLaunchRow } from "./rows/launch-row.ts";
import { fromSessionRow, type SessionRow } from "./rows/session-row.ts";

type SessionMethods =
  | "getSession"
  | "findSessionsByName"
  | "findSessionByRequestId"
  | "findSessionByLaunch"
  | "listSessions"
  | "listSessionIds"
  | "getSessions"
  | "countSessions"
  | "getLaunch"
  | "listLaunches";

/** States of a process that is not known to have ended. */
const LIVE: ProcessState[] = ["starting", "running", "lost"];

/** Reads of sessions and launches; `commit` writes them. */
export function sessionRows(database: Database): Pick<Store, SessionMethods> {
  const findOne = (where: { id: string } | { requestId: string }) =>
    database.read(async (em) => toSession(await em.findOne(SessionEntity, where)));
  const selectIds = database.native.prepare<{ id: string }>(
    "select id from session order by create_order desc",
  );
  const selectIdsOfProject = database.native.prepare<{ id: string }>(
    "select id from session where project_id = ? order by create_order desc",
  );

  return {
    getSession: (id) => findOne({ id }),
    findSessionByRequestId: (requestId) => findOne({ requestId }),

    findSessionsByName: (name) =>
      database.read(async (em) => {
        const rows = await em.find(SessionEntity, { name }, { orderBy: { createOrder: "desc" }, limit: 2 });
        return rows.map(fromSessionRow);
      }),

    findSessionByLaunch: (launchId) =>
      database.read(async (em) => {
        const launch = await em.findOne(LaunchEntity, { id: launchId });
        // The facts can name a launch before it has a row of its own.
        return toSession(await em.findOne(SessionEntity, launch ? { id: launch.session } : { launchId }));
      }),

    listSessions: (options) => database.read((em) => listSessions(em, options)),
    listSessionIds: (projectId) =>
      database.readNative(() =>
        (projectId === undefined ? selectIds.all() : selectIdsOfProject.all(projectId)).map(({ id }) => id),
      ),
    getSessions: (ids) =>
      database.read(async (em) => {
        const rows = await em.find(SessionEntity, { id: { $in: [...ids] } });
        return rows.map(fromSessionRow);
      }),
    countSessions: (projectId) => database.read((em) => em.count(SessionEntity, { project: projectId })),

    getLaunch: (id) =>
      database.read(async (em) => {
        const row = await em.findOne(LaunchEntity, { id });
        return row ? fromLaunchRow(row) : undefined;
      }),

    listLaunches: (sessionId) =>
      database.read(async (em) => {
        const rows = await em.find(LaunchEntity, { session: sessionId }, { orderBy: { number: "asc" } });
        return rows.map(fromLaunchRow);
      }),
  };
}

async function listSessions(em: EntityManager, options: Parameters<Store["listSessions"]>[0]) {
  const { limit, after, projectId, live } = options;
  const rows = await em.find(
    SessionEntity,
    {
      ...(after !== undefined && { createOrder: { $lt: parseToken(after) } }),
      ...(projectId !== undefined && { project: projectId }),
      ...(live && { processState: { $in: LIVE } }),
    },
    { orderBy: { createOrder: "desc" }, limit: limit + 1 },
  );
  const page = cutPage({ rows, limit, token: (row) => String(row.createOrder) });
  return { ...page, rows: page.rows.map(fromSessionRow) };
}

function parseToken(token: string): number {
  if (/^\d{1,15}$/.test(token)) return Number(token);
  throw new AoError("INVALID_PAGE_TOKEN");
}

function toSession(row: SessionRow | null): Session | undefined {
  return row ? fromSessionRow(row) : undefined;
}
