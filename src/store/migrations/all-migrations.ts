import { epochs } from "./epochs.ts";
import { initial } from "./initial.ts";
import { messages } from "./messages.ts";
import type { SchemaMigration } from "./schema-migration.ts";

/** Every step of the schema in order: a visible list, no directory scan. */
export const ALL_MIGRATIONS: readonly SchemaMigration[] = [initial, messages, epochs];
