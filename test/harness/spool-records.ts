import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SPOOL_NAME } from "../../src/core/launch-manifest.ts";
import type { Harness } from "../../src/core/ports/harnesses.ts";
import type { Meaning, SignalFields } from "../../src/core/signal.ts";

/** One spooled record, read as the shim reads it. */
export interface SpoolRecord {
  name: string;
  event: string;
  meaning: Meaning | undefined;
  fields: SignalFields;
}

/** Records of one process in the order of their numbers; throws on a name outside the spool's grammar. */
export function spoolRecords(spool: string, harness: Harness): SpoolRecord[] {
  if (!existsSync(spool)) return [];
  const names = readdirSync(spool).filter((name) => !name.startsWith("."));
  return names
    .map((name) => {
      const found = SPOOL_NAME.exec(name)?.groups;
      if (!found) throw new Error(`"${name}" is no name of a spooled record`);
      const event = found.event as string;
      const fields = harness.extract(event, readFileSync(join(spool, name), "utf8"));
      return { name, event, number: Number(found.n), fields, meaning: harness.interpret(event, fields) };
    })
    .sort((a, b) => a.number - b.number);
}
