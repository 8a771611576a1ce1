/**
 * Lets one session's accidents happen among many and looks at all of them after each. Prints one line of JSON for each
 * accident; ends with 1 when more than the one session was hurt, or something wrong was said of it.
 *
 * As the first process of a pid namespace (`unshare --user --map-root-user --pid --fork --mount-proc`) also those that
 * would hurt every process of the user: it then is init, which signals from inside pass by. Never elsewhere.
 *
 *   node test/chaos/blast/main.ts [--sessions N] [--form short|full|long] [--only TEXT]
 */
import { parseArgs } from "node:util";
import { runBlast } from "./run.ts";

const { values } = parseArgs({
  options: {
    sessions: { type: "string", default: "30" },
    form: { type: "string", default: "full" },
    only: { type: "string" },
  },
});
const form = (["short", "full", "long"] as const).find((name) => name === values.form);
if (!form) throw new Error(`--form "${values.form}" is none of short, full, long`);
const reports = await runBlast(
  { sessions: Number(values.sessions), form, namespace: process.pid === 1, only: values.only },
  (report) => process.stdout.write(`${JSON.stringify(report)}\n`),
);
process.exit(reports.length > 0 && reports.every(({ wrong }) => wrong.length === 0) ? 0 : 1);
