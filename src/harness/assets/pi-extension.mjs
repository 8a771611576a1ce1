// ao's extension for Pi and for OMP, which is made of it: spools what happens as ao-hook does for agents with shell
// hooks. Runs inside the agent, so it needs nothing but node:fs, never throws and never waits. Outside an ao session it
// does nothing.
//
//   AO_SPOOL  absolute path of the spool     AO_LAUNCH_ID  launch the agent belongs to
//
// Result: $AO_SPOOL/<launch>.<pid>-<n>.<event>, mode 0600. Events have the agents' own names, seen with Pi 0.73.1 and
// 0.87.1 and OMP 18.2.3; `agent_settled`, which Pi has since 0.80.4, is told for those that lack it.
import fs from "node:fs";

const HEARTBEAT_MS = 30_000;
const MAX_TEXT = 2_000;
/** From the end of a run to the word that the agent rests, where only the run's end is told. */
const SETTLE_MS = 50;
/** Pi 0.73 tries again after 2, 4 and 8 s and tells no extension so. */
const RETRY_MS = [2_000, 4_000, 8_000];
const RETRY_MARGIN_MS = 2_000;
const PASSING_ERROR =
  /\b(429|50[0-4]|529)\b|overloaded|rate.?limit|too many requests|server.?error|unavailable|network|connection|socket|fetch failed|timed? ?out|terminated/i;
const ABORTED = /^(this operation|request) was aborted/i;
/** Of one process: subagents and conversations that follow each other load the extension again. */
const SHARED = Symbol.for("ao.extension");

export default function aoExtension(agent) {
  const spool = process.env.AO_SPOOL ?? "";
  const launch = process.env.AO_LAUNCH_ID ?? "";
  if (!spool.startsWith("/") || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(launch)) return;
  globalThis[SHARED] ??= { write: createWriter(spool, launch), root: undefined };
  const teller = createTeller(globalThis[SHARED]);
  const run = createRun(agent, teller);
  const on = (event, handler) =>
    quietly(() =>
      agent.on(event, (told, context) => void quietly(() => handler(told ?? {}, teller.of(context)))),
    );
  const tell = (event, fields) => on(event, (told, who) => teller.send(event, { ...who, ...fields(told) }));

  on("session_start", (told, who) => teller.begin("session_start", who, told.reason));
  on("session_switch", (told, who) => teller.begin("session_switch", who, told.reason));
  on("session_branch", (_told, who) => teller.begin("session_branch", who, "fork"));
  on("session_shutdown", (told, who) => {
    run.close();
    teller.send("session_shutdown", { ...who, reason: told.reason ?? "quit" });
  });
  on("message_start", ({ message }, who) => {
    if (message?.role === "user") teller.send("message_start", { ...who, prompt: textOf(message) });
  });
  on("agent_start", (_told, who) => run.begin(who));
  on("agent_end", (told, who) => run.end(told, who));
  run.settles = typeof on("agent_settled", (_told, who) => run.settled(who)) === "function";
  tell("tool_execution_start", toolOf);
  tell("tool_execution_end", toolOf);
  tell("tool_approval_requested", ({ toolCallId, ...told }) => ({
    ...run.waits(toolCallId, true),
    ...toolOf({ toolCallId, ...told }),
  }));
  tell("tool_approval_resolved", ({ toolCallId, approved, ...told }) => ({
    ...run.waits(toolCallId, false),
    ...toolOf({ toolCallId, ...told }),
    reason: approved ? "approve" : "deny",
  }));
  tell("ui_prompt_start", ({ title }) => ({ ...run.waits("ui", true), message: head(title) }));
  tell("ui_prompt_end", () => run.waits("ui", false));
  tell("session_before_compact", ({ signal }) => {
    // A compaction that is given up says nothing in Pi 0.73.
    signal?.addEventListener?.("abort", () => quietly(() => teller.send("session_compact_failed", {})));
    return {};
  });
  tell("session_compact", () => ({}));
  tell("session_compact_failed", () => ({}));
}

// An error in an extension is shown to the person and may end the turn: nothing ao observes is worth that.
function quietly(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}

const head = (text) => (typeof text === "string" ? text.slice(0, MAX_TEXT) : undefined);

const toolOf = ({ toolName, toolCallId }) => ({ toolName, toolCallId });

function textOf({ content }) {
  if (typeof content === "string") return head(content);
  const texts = (content ?? []).filter((part) => part.type === "text").map((part) => part.text);
  return head(texts.join("\n"));
}

/** Knows whose event one is: the conversation the terminal shows is the root's, others in the process are subagents'. */
function createTeller(shared) {
  return {
    of(context) {
      const sessionId = quietly(() => context?.sessionManager?.getSessionId?.());
      const isChild = shared.root !== undefined && sessionId !== undefined && sessionId !== shared.root;
      return { sessionId, agentId: isChild ? sessionId : undefined, context };
    },
    send(event, { context, ...fields }) {
      shared.write(event, fields);
    },
    /** Pi names a reason for each conversation it shows; OMP's subagents begin without one. */
    begin(event, { sessionId, agentId, context }, reason) {
      const isRoot = agentId === undefined || reason !== undefined;
      if (isRoot) shared.root = sessionId;
      shared.write(event, {
        sessionId,
        agentId: isRoot ? undefined : agentId,
        source: reason,
        transcript: quietly(() => context?.sessionManager?.getSessionFile?.()),
        cwd: quietly(() => context?.cwd) ?? process.cwd(),
      });
    },
  };
}

/** Follows the runs of one conversation: a run that ended may be tried again, be compacted, or be followed by another. */
function createRun(agent, teller) {
  const waiting = new Set();
  let failures = 0;
  let outcome;
  let timer;
  let beat;

  const rest = (who) => {
    clearTimeout(timer);
    clearInterval(beat);
    if (!outcome) return;
    const { reason, message } = outcome;
    outcome = undefined;
    waiting.clear();
    teller.send("agent_settled", { ...who, reason, message });
  };
  const run = {
    settles: false,
    begin(who) {
      clearTimeout(timer);
      clearInterval(beat);
      outcome = undefined;
      beat = setInterval(() => {
        if (waiting.size === 0) quietly(() => teller.send("ao.busy", who));
      }, HEARTBEAT_MS);
      beat.unref?.();
      teller.send("agent_start", who);
    },
    end({ messages, willContinue }, who) {
      outcome = outcomeOf(messages);
      teller.send("agent_end", { ...who, ...outcome });
      if (willContinue || run.settles) return;
      // OMP, which alone brings a logger, has said by `willContinue` whether it goes on.
      if (agent.logger) return rest(who);
      timer = setTimeout(() => quietly(() => rest(who)), settleMs());
      timer.unref?.();
    },
    settled(who) {
      run.settles = true;
      outcome ??= {};
      rest(who);
    },
    waits(what, opens) {
      if (opens) waiting.add(what);
      else waiting.delete(what);
      return { requestId: what };
    },
    close: () => rest({}),
  };
  function settleMs() {
    const isPassing = outcome.reason === "error" && PASSING_ERROR.test(outcome.message ?? "");
    const wait = isPassing ? RETRY_MS[failures] : undefined;
    failures = wait === undefined ? 0 : failures + 1;
    return wait === undefined ? SETTLE_MS : wait + RETRY_MARGIN_MS;
  }
  return run;
}

/** How a run ended: `stop`, `aborted` or `error`, and the last words. */
function outcomeOf(messages) {
  const last = (messages ?? []).findLast?.(({ role }) => role === "assistant");
  if (!last) return { reason: "stop" };
  const error = head(last.errorMessage);
  if (last.stopReason === "aborted" || ABORTED.test(error ?? "")) return { reason: "aborted" };
  if (last.stopReason === "error") return { reason: "error", message: error };
  return { reason: "stop", message: textOf(last) };
}

/** Writes records: each made under a hidden name, renamed when it is whole. Numbers only grow, so order is kept. */
function createWriter(spool, launch) {
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
