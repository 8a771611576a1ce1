import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUILT_IN_SPECS } from "../../src/harness/registry.ts";
import { replaceHarnesses } from "./harness-table.ts";
import { replaceMeanings } from "./meanings-table.ts";

/** Writes the tables of harnesses and of meanings into the README; `test/harness/readme.test.ts` says when that is due. */
const path = join(import.meta.dirname, "../../README.md");
writeFileSync(path, replaceMeanings(replaceHarnesses(readFileSync(path, "utf8"), BUILT_IN_SPECS)));
