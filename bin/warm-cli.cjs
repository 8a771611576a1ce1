"use strict";
// Runs the commands people type all day, in one process and an AO_HOME of its own, and keeps their compiled code: the
// first `ao ls` is as fast as the second. None of them may start an agent, as asking for its version does. bin/build.mjs
// starts it beside the bundle, with an environment of its own.
const { loadCli } = require("./main.cjs");

const COMMANDS = [["start"], ["session", "ls", "--json"], ["ls"], ["status"], ["project", "ls"]];

async function warm() {
  const { runCli, keep } = loadCli();
  try {
    for (const command of COMMANDS)
      if ((await runCli(command)) !== 0) throw new Error(`\`ao ${command.join(" ")}\` failed`);
    keep();
  } finally {
    await runCli(["stop"]);
  }
}

warm().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
