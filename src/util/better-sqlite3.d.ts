/** The part of better-sqlite3 13 that ao calls; the package ships no types. */
declare module "better-sqlite3" {
  namespace Database {
    interface Options {
      readonly?: boolean;
      fileMustExist?: boolean;
      /** How long a busy database is waited for, ms; the package's default is 5000. */
      timeout?: number;
    }

    type Value = string | number | null;

    interface Statement<Row> {
      run(...values: Value[]): { changes: number; lastInsertRowid: number };
      get(...values: Value[]): Row | undefined;
      all(...values: Value[]): Row[];
    }

    interface Database {
      readonly inTransaction: boolean;
      prepare<Row = unknown>(sql: string): Statement<Row>;
      exec(sql: string): this;
      pragma(source: string, options?: { simple?: boolean }): unknown;
      close(): this;
    }
  }

  const Database: new (path: string, options?: Database.Options) => Database.Database;
  export = Database;
}
