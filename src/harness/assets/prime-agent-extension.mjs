// ao's extension for Prime Agent: spools what happens as ao-hook does for agents with shell hooks. Runs inside the
// agent, so it needs nothing but node:fs, never throws and never waits. Outside an ao session it does nothing.
//
//   AO_SPOOL  absolute path of the spool     AO_LAUNCH_ID  launch the agent belongs to
//
// Result: $AO_SPOOL/<launch>.<pid>-<n>.<event>, mode 0600, under the agent's own names of its events.
import fs from "node:fs";

const MAX_TEXT = 2_000;
const EVENTS = ["session_start", "agent_start", "agent_end", "session_shutdown"];

export default function aoExtension(agent) {
  const spool = process.env.AO_SPOOL ?? "";
  const launch = process.env.AO_LAUNCH_ID ?? "";
  if (!spool.startsWith("/") || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(launch)) return;
  const send = createSender(spool, launch);
  for (const event of EVENTS) {
    quietly(() => agent.on(event, (told, context) => quietly(() => send(event, fieldsOf(told, context)))));
  }
}

// An error in an extension is shown to the person and may end the turn: nothing ao observes is worth that.
function quietly(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function fieldsOf(told, context) {
  return {
    sessionId: told?.sessionId ?? quietly(() => context?.sessionManager?.getSessionId?.()),
    reason: told?.reason,
    source: told?.source ?? told?.reason,
    prompt: typeof told?.prompt === "string" ? told.prompt.slice(0, MAX_TEXT) : undefined,
    cwd: context?.cwd ?? process.cwd(),
  };
}

/** Writes one record: made under a hidden name, renamed when it is whole. Numbers only grow, so order is kept. */
function createSender(spool, launch) {
  let next = 0;
  return (event, fields) => {
    fs.mkdirSync(spool, { recursive: true, mode: 0o700 });
    const hidden = `${spool}/.${launch}.${process.pid}`;
    fs.writeFileSync(hidden, `${JSON.stringify(fields)}\n`, { mode: 0o600 });
    const name = (n) => `${spool}/${launch}.${process.pid}-${n}.${event}`;
    while (fs.existsSync(name(next))) next++;
    fs.renameSync(hidden, name(next));
    next++;
  };
}
