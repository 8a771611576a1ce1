/**
 * Kills daemon and shim at random times and at every step of a signal's way while agents fire hooks and end, and proves
 * that every hook is logged once, in order, every exit is recorded as it was, and every message is typed at most once;
 * restarts the daemon and cuts connections under watchers, and proves that each revision reaches each of them once.
 * Prints a table and one line of JSON; ends with 1 when something is wrong.
 *
 *   node test/chaos/main.ts [--short] [--seed N] [--sessions N] [--hooks N] [--seconds N] [--exits N] [--sends N]
 *                           [--only hooks|exits|sends|watches]
 */
import { parseArgs } from "node:util";
import { runExactlyOnce } from "./exactly-once.ts";
import { runExits } from "./exits.ts";
import { exactlyOnceRows, exitRows, printTable, sendRows, watchesRows } from "./report.ts";
import { runSends } from "./sends.ts";
import { runWatches } from "./watches.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    seed: { type: "string" },
    sessions: { type: "string" },
    hooks: { type: "string" },
    seconds: { type: "string" },
    exits: { type: "string" },
    sends: { type: "string" },
    only: { type: "string" },
  },
});
const scale = values.short
  ? { sessions: 6, hooks: 900, seconds: 10, exits: 2, calmMs: 300, sends: 30 }
  : { sessions: 20, hooks: 20_000, seconds: 100, exits: 1000, calmMs: 1500, sends: 1000 };
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const deadlineMs = 240_000;
process.stdout.write(`seed ${seed}\n`);

const isWanted = (name: string) => values.only === undefined || values.only === name;

// Side by side, each in a home of its own: hooks mostly wait for their pace.
const [hooks, exits, watches] = await Promise.all([
  !isWanted("hooks")
    ? undefined
    : runExactlyOnce({
        seed,
        sessions: Number(values.sessions ?? scale.sessions),
        hooks: Number(values.hooks ?? scale.hooks),
        seconds: Number(values.seconds ?? scale.seconds),
        calmMs: scale.calmMs,
        deadlineMs,
      }),
  !isWanted("exits")
    ? undefined
    : runExits({
        seed,
        each: Number(values.exits ?? scale.exits),
        together: 150,
        deadlineMs,
        onProgress: (done, all, wrong) => process.stderr.write(`exits: ${done} of ${all}, ${wrong} wrong\n`),
      }),
  !isWanted("watches")
    ? undefined
    : runWatches({ seed, seconds: values.short ? 8 : 60, calmMs: values.short ? 2500 : 5000 }),
]);
// Alone: terminals are typed into by the clock.
const sends = isWanted("sends")
  ? await runSends({
      seed,
      sends: Number(values.sends ?? scale.sends),
      sessions: Number(values.sessions ?? (values.short ? 4 : 20)),
      calmMs: 4000,
      patienceMs: 20_000,
      onProgress: (done, all) => done % 50 === 0 && process.stderr.write(`sends: ${done} of ${all}\n`),
    })
  : undefined;
if (hooks) printTable("every hook once, in order", exactlyOnceRows(hooks, { everyFailPoint: !values.short }));
if (exits) printTable("every exit as it was", exitRows(exits));
if (sends) printTable("every message at most once, and never in silence", sendRows(sends));
if (watches) printTable("every revision once on every watch", watchesRows(watches));
process.stdout.write(`${JSON.stringify({ seed, hooks, exits, sends, watches })}\n`);

const rows = [
  ...(hooks ? exactlyOnceRows(hooks, { everyFailPoint: !values.short }) : []),
  ...(exits ? exitRows(exits) : []),
  ...(sends ? sendRows(sends) : []),
  ...(watches ? watchesRows(watches) : []),
];
process.exitCode = rows.every(({ ok }) => ok !== false) ? 0 : 1;
