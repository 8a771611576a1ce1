/** One step of the schema. Once released it never changes; later steps mend it. */
export interface SchemaMigration {
  /** 1 for the first, then one more each; SQLite's `user_version` afterwards. */
  version: number;
  name: string;
  /** Run in order, in one transaction with all other pending steps, foreign keys off. */
  statements: readonly string[];
}
