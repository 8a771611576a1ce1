import { AoError } from "../core/errors.ts";
import type { Store } from "../core/ports/store.ts";
import type { Database } from "./database.ts";
import { MessageEntity } from "./entities/message-entity.ts";
import { cutPage } from "./page.ts";
import { prepareInsert } from "./prepare-write.ts";
import { fromMessageRow, toMessageRow } from "./rows/message-row.ts";

type MessageMethods =
  | "insertMessage"
  | "updateMessage"
  | "getMessage"
  | "findMessageByRequestId"
  | "listOpenMessages"
  | "listMessages";

/** The outbox's table. Every write is a transaction of its own: a key goes out only after it. */
export function messageRows(database: Database): Pick<Store, MessageMethods> {
  const insert = prepareInsert(database, MessageEntity, "order");
  const findOne = (where: { id: string } | { requestId: string }) =>
    database.read(async (em) => {
      const row = await em.findOne(MessageEntity, where);
      return row ? fromMessageRow(row) : undefined;
    });
  return {
    insertMessage: (message) => database.write(() => ({ ...message, order: insert(toMessageRow(message)) })),

    updateMessage: (message) =>
      database.write(async (em) => {
        const { id, ...changes } = toMessageRow(message);
        await em.nativeUpdate(MessageEntity, { id }, changes);
      }),

    getMessage: (id) => findOne({ id }),
    findMessageByRequestId: (requestId) => findOne({ requestId }),

    listOpenMessages: () =>
      database.read(async (em) => {
        const rows = await em.find(MessageEntity, { endTime: null }, { orderBy: { order: "asc" } });
        return rows.map(fromMessageRow);
      }),

    listMessages: ({ sessionId, limit, after }) =>
      database.read(async (em) => {
        const where = {
          session: sessionId,
          ...(after !== undefined && { order: { $lt: parseToken(after) } }),
        };
        const rows = await em.find(MessageEntity, where, { orderBy: { order: "desc" }, limit: limit + 1 });
        const page = cutPage({ rows, limit, token: (row) => String(row.order) });
        return { ...page, rows: page.rows.map(fromMessageRow) };
      }),
  };
}

function parseToken(token: string): number {
  if (/^\d{1,15}$/.test(token)) return Number(token);
  throw new AoError("INVALID_PAGE_TOKEN");
}
