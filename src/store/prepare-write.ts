import type { EntityName } from "@mikro-orm/core";
import type Sqlite from "better-sqlite3";
import type { Database } from "./database.ts";

/**
 * Prepares the insert of whole rows of `entity`, for the hot path; the statement returns the row's number.
 *
 * Table and columns are those the ORM knows, and it runs on the ORM's connection, so inside its transaction. Measured in
 * commits of 500 signals and 100 sessions: `em.upsertMany` spends 10 ms on building SQL and entities, this less than 1.
 */
export function prepareInsert<Row extends object, Key extends keyof Row & string = never>(
  database: Database,
  entity: EntityName<Row>,
  /** The property whose value the database makes. */
  generated?: Key,
): (row: Omit<Row, Key>) => number {
  const { table, columns } = database.describe(entity);
  const bound = columns.filter(({ property }) => property !== generated);
  const statement = database.native.prepare(
    `insert into "${table}" (${list(bound)}) values (${bound.map(() => "?").join(", ")})`,
  );
  return (row) => Number(statement.run(...cells(bound, row)).lastInsertRowid);
}

/** As `prepareInsert`, but a row with the same id is overwritten; all except the `given` columns. */
export function prepareUpsert<Row extends object, Key extends keyof Row & string = never>(
  database: Database,
  entity: EntityName<Row>,
  /** SQL of the value a property has in a new row. */
  given?: { property: Key; sql: string },
): (row: Omit<Row, Key>) => void {
  const { table, columns } = database.describe(entity);
  const bound = columns.filter(({ property }) => property !== given?.property);
  const fixed = columns.filter(({ property }) => property === given?.property);
  const values = [...bound.map(() => "?"), ...fixed.map(() => given?.sql)];
  const statement = database.native.prepare(
    `insert into "${table}" (${list([...bound, ...fixed])}) values (${values.join(", ")})
     on conflict ("id") do update set ${bound.map(({ column }) => `"${column}" = excluded."${column}"`).join(", ")}`,
  );
  return (row) => void statement.run(...cells(bound, row));
}

interface Column {
  property: string;
  column: string;
}

function list(columns: readonly Column[]): string {
  return columns.map(({ column }) => `"${column}"`).join(", ");
}

function cells(columns: readonly Column[], row: object): Sqlite.Value[] {
  const values = row as Readonly<Record<string, Sqlite.Value | undefined>>;
  return columns.map(({ property }) => values[property] ?? null);
}
