import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUILT_IN_SPECS } from "../../src/harness/registry.ts";
import { replaceHarnesses } from "./harness-table.ts";

/** Writes the table of harnesses into the README; `test/harness/readme.test.ts` says when that is due. */
const path = join(import.meta.dirname, "../../README.md");
writeFileSync(path, replaceHarnesses(readFileSync(path, "utf8"), BUILT_IN_SPECS));
