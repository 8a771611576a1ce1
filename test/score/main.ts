/**
 * Scores recordings of agents against what was true, and prints ao's figures beside two simpler ways to know.
 *
 *   npm run score -- [DIR] [--json] [--write-readme]
 *
 *   DIR             recordings with labels, such as a copy of test/traces; without it the ones kept there
 *   --json          one document, each wrong stretch in it
 *   --write-readme  puts the table into README.md; of the kept recordings only
 *
 * Ends with 1 when a budget is missed by the kept recordings. test/traces/README.md defines every figure.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadTraces, TRACES } from "../support/trace-file.ts";
import { replaceScore } from "./readme.ts";
import { scoreAll } from "./score-all.ts";
import { markdown, missedBudgets, notes, textTable } from "./table.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    "write-readme": { type: "boolean", default: false },
  },
});
const [dir, ...others] = positionals;
if (others.length > 0) throw new Error(`one directory at most; got ${positionals.join(", ")}`);
if (dir !== undefined && values["write-readme"]) throw new Error("--write-readme takes no directory");
if (dir !== undefined && !statSync(dir, { throwIfNoEntry: false })?.isDirectory())
  throw new Error(`"${dir}" is no directory`);
const traces = loadTraces(undefined, dir ?? TRACES);
if (traces.length === 0)
  throw new Error(`no "*.truth.json" with a "*.jsonl" beside it below "${dir ?? TRACES}"`);

const report = await scoreAll(traces);
if (values.json) {
  process.stdout.write(`${JSON.stringify({ ...report, missedBudgets: missedBudgets(report) }, null, 2)}\n`);
} else {
  process.stdout.write(`${textTable(report)}\n\n${notes(report).join("\n")}\n`);
  for (const { trace, state, shown, from, evidence } of report.all.ways.ao.wrong)
    process.stdout.write(
      `  wrong: ${trace} at ${Math.round(from)} ms is ${state}, shown ${shown}${evidence === undefined ? " (not tellable)" : ""}\n`,
    );
}
if (values["write-readme"]) {
  const path = join(import.meta.dirname, "../../README.md");
  writeFileSync(path, replaceScore(readFileSync(path, "utf8"), markdown(report)));
}
process.exitCode = dir === undefined && missedBudgets(report).length > 0 ? 1 : 0;
