/**
 * Kills daemon and shim at random times and at every step of a signal's way while agents fire hooks and end, and proves
 * that every hook is logged once, in order, and every exit is recorded as it was. Prints a table and one line of JSON;
 * ends with 1 when something is wrong.
 *
 *   node test/chaos/main.ts [--short] [--seed N] [--sessions N] [--hooks N] [--seconds N] [--exits N] [--only hooks|exits]
 */
import { parseArgs } from "node:util";
import { runExactlyOnce } from "./exactly-once.ts";
import { runExits } from "./exits.ts";
import { exactlyOnceRows, exitRows, printTable } from "./report.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    seed: { type: "string" },
    sessions: { type: "string" },
    hooks: { type: "string" },
    seconds: { type: "string" },
    exits: { type: "string" },
    only: { type: "string" },
  },
});
const scale = values.short
  ? { sessions: 6, hooks: 900, seconds: 10, exits: 2, calmMs: 300 }
  : { sessions: 20, hooks: 20_000, seconds: 100, exits: 1000, calmMs: 1500 };
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const deadlineMs = 240_000;
process.stdout.write(`seed ${seed}\n`);

// Side by side, each in a home of its own: hooks mostly wait for their pace.
const [hooks, exits] = await Promise.all([
  values.only === "exits"
    ? undefined
    : runExactlyOnce({
        seed,
        sessions: Number(values.sessions ?? scale.sessions),
        hooks: Number(values.hooks ?? scale.hooks),
        seconds: Number(values.seconds ?? scale.seconds),
        calmMs: scale.calmMs,
        deadlineMs,
      }),
  values.only === "hooks"
    ? undefined
    : runExits({ seed, each: Number(values.exits ?? scale.exits), together: 150, deadlineMs }),
]);
if (hooks) printTable("every hook once, in order", exactlyOnceRows(hooks, { everyFailPoint: !values.short }));
if (exits) printTable("every exit as it was", exitRows(exits));
process.stdout.write(`${JSON.stringify({ seed, hooks, exits })}\n`);

const rows = [
  ...(hooks ? exactlyOnceRows(hooks, { everyFailPoint: !values.short }) : []),
  ...(exits ? exitRows(exits) : []),
];
process.exitCode = rows.every(({ ok }) => ok !== false) ? 0 : 1;
