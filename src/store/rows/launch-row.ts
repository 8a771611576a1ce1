import type { InferEntity } from "@mikro-orm/core";
import type { Launch } from "../../core/session.ts";
import type { LaunchEntity } from "../entities/launch-entity.ts";

type LaunchRow = InferEntity<typeof LaunchEntity>;

/** Makes the row of a launch. */
export function toLaunchRow({ sessionId, endTime, ...columns }: Launch): LaunchRow {
  return { ...columns, session: sessionId, endTime: endTime ?? null };
}

/** Makes the launch of a row. */
export function fromLaunchRow(row: LaunchRow): Launch {
  return {
    id: row.id,
    sessionId: row.session,
    number: row.number,
    bootId: row.bootId,
    runtimeHandle: row.runtimeHandle,
    createTime: row.createTime,
    ...(row.endTime != null && { endTime: row.endTime }),
    tokenDigest: row.tokenDigest,
  };
}
