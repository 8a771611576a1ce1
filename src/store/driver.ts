import type { Configuration } from "@mikro-orm/core";
import {
  AbstractSqlDriver,
  MikroORM,
  SqliteConnection,
  type SqliteDriver,
  SqlitePlatform,
} from "@mikro-orm/sqlite";

class StoreDriver extends AbstractSqlDriver<SqliteConnection> {
  constructor(config: Configuration) {
    super(config, new StorePlatform(), SqliteConnection, ["kysely", "better-sqlite3"]);
  }

  override getORMClass(): typeof MikroORM {
    return MikroORM;
  }
}

class StorePlatform extends SqlitePlatform {
  override escape(value: unknown): string {
    if (typeof value === "string" && value.includes("\0"))
      return `cast(x'${Buffer.from(value, "utf8").toString("hex")}' as text)`;
    return super.escape(value);
  }
}

/**
 * The ORM's SQLite driver, safe for text with a NUL.
 *
 * MikroORM 7.2 writes values into the SQL text, and SQLite ends a statement at the first NUL: a name that a client asks
 * for would become a syntax error. Such text is written as bytes.
 */
export const storeDriver: typeof SqliteDriver = StoreDriver;
