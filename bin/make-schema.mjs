#!/usr/bin/env node
// Makes gen/harness.schema.json: the schema of a harness in a file, for editors.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { harnessSchema } from "../src/harness/own/schema.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const schema = z.toJSONSchema(harnessSchema, { io: "input", target: "draft-7" });
const titled = { ...schema, title: "A harness of ao: one agent CLI, as data" };
writeFileSync(join(root, "gen/harness.schema.json"), `${JSON.stringify(titled, null, 2)}\n`);
