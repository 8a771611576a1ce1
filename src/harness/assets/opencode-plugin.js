// ao's plugin for opencode: spools what happens as ao-hook does for agents with shell hooks. Runs inside opencode, so
// it needs nothing but node:fs, never throws and never waits. Outside an ao session it does nothing.
//
//   AO_SPOOL          absolute path of the spool
//   AO_LAUNCH_ID      launch opencode belongs to
//   AO_PLUGIN_PROMPT  file with the prompt of a resumed conversation, which opencode itself drops: submitted once, and
//                     again where a compaction that was cut off swallows it
//   AO_PLUGIN_RESTORE environment, as JSON, for the agent's commands: without it an opencode they start would load this
//                     plugin too and report its conversation as this one's
//
// Result: $AO_SPOOL/<launch>.<pid>-<n>.<event>, mode 0600. Events have opencode's own names, seen with 1.18.33.
import fs from "node:fs";

const HEARTBEAT_MS = 30_000;
const MAX_TEXT = 2_000;

export const AoPlugin = async ({ directory, client }) => {
  const spool = process.env.AO_SPOOL ?? "";
  const launch = process.env.AO_LAUNCH_ID ?? "";
  if (!spool.startsWith("/") || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(launch)) return {};
  const send = createSender(spool, launch);
  const resumption = createResumption(client, process.env.AO_PLUGIN_PROMPT);
  const watcher = createWatcher(send, resumption);
  const heartbeat = setInterval(() => quietly(watcher.heartbeat), HEARTBEAT_MS);
  heartbeat.unref?.();
  send("plugin.init", { directory });
  // The server cannot answer before its plugins are loaded.
  setTimeout(() => quietly(resumption.begin), 0);
  return {
    event: async ({ event }) => quietly(() => watcher.bus[event.type]?.(event.properties ?? {})),
    "chat.message": async (input, output) => quietly(() => watcher.prompt(input, output)),
    "tool.execute.before": async (input) => quietly(() => watcher.tool("tool.execute.before", input)),
    "tool.execute.after": async (input) => quietly(() => watcher.tool("tool.execute.after", input)),
    "shell.env": async (_input, output) =>
      quietly(() => Object.assign(output.env, JSON.parse(process.env.AO_PLUGIN_RESTORE ?? "{}"))),
    dispose: async () => {
      clearInterval(heartbeat);
      send("dispose", {});
    },
  };
};

// An error in a plugin is printed over the person's screen and may end the turn: nothing ao observes is worth that.
function quietly(action) {
  try {
    action();
  } catch {
    return;
  }
}

/**
 * Submits the prompt of a resumed conversation; the file goes first, so that it is never submitted twice.
 *
 * A conversation that was cut off in a compaction compacts first: opencode writes the new prompt into the summary and
 * stops, without an answer (seen). Then the prompt is submitted again.
 */
function createResumption(client, file) {
  let call;
  let compacted = false;
  const submit = () => client.session.promptAsync({ ...call, throwOnError: true });
  return {
    begin() {
      if (!file || !fs.existsSync(file)) return;
      const { sessionID, prompt, model } = JSON.parse(fs.readFileSync(file, "utf8"));
      fs.unlinkSync(file);
      const slash = model.indexOf("/");
      const chosen =
        slash > 0 ? { providerID: model.slice(0, slash), modelID: model.slice(slash + 1) } : undefined;
      call = { path: { id: sessionID }, body: { model: chosen, parts: [{ type: "text", text: prompt }] } };
      // One that is refused is missed by ao, which waits for the agent's word of its prompt and says so.
      submit().catch(() => undefined);
    },
    compacted(sessionID) {
      if (call?.path.id === sessionID) compacted = true;
    },
    answered(sessionID) {
      if (call?.path.id === sessionID) call = undefined;
    },
    /** True when the turn that ends here has swallowed the prompt, which is submitted again; `fail` is called if not. */
    goesOn(sessionID, fail) {
      if (call?.path.id !== sessionID || !compacted) return false;
      submit().catch(fail);
      call = undefined;
      return true;
    },
  };
}

/** Writes one record: made under a hidden name, renamed when it is whole. Numbers only grow, so order is kept. */
function createSender(spool, launch) {
  let next = 0;
  return (event, fields) =>
    quietly(() => {
      fs.mkdirSync(spool, { recursive: true, mode: 0o700 });
      const hidden = `${spool}/.${launch}.${process.pid}`;
      fs.writeFileSync(hidden, `${JSON.stringify(fields)}\n`, { mode: 0o600 });
      const name = (n) => `${spool}/${launch}.${process.pid}-${n}.${event}`;
      while (fs.existsSync(name(next))) next++;
      fs.renameSync(hidden, name(next));
      next++;
    });
}

/** Follows conversations: which are children of which, which are busy, which wait for an answer. */
function createWatcher(send, resumption) {
  const parents = new Map();
  const busy = new Map();
  const waiting = new Map();
  const answers = new Map();
  /** Conversations whose end was told, and is told again at the next beat: a full disk may have lost it. */
  const ended = new Set();

  const fieldsOf = (sessionID) => {
    const parentID = parents.get(sessionID);
    return parentID ? { sessionID, parentID, agentID: sessionID } : { sessionID };
  };
  const adopt = ({ info }) => {
    if (info?.parentID) parents.set(info.id, info.parentID);
  };
  const settle = ({ sessionID }) => {
    // Every idle status is followed by an idle event, and after errors both come twice.
    if (busy.get(sessionID) === false) return;
    busy.set(sessionID, false);
    forget(waiting, sessionID);
    if (!resumption.goesOn(sessionID, () => quietly(() => end(sessionID)))) end(sessionID);
  };
  const end = (sessionID) => {
    send("session.idle", { ...fieldsOf(sessionID), message: answers.get(sessionID)?.text });
    answers.delete(sessionID);
    ended.add(sessionID);
  };
  const status = ({ sessionID, status: { type } }) => {
    if (type === "idle") return settle({ sessionID });
    const known = busy.get(sessionID) === true;
    busy.set(sessionID, true);
    if (!known || type === "retry") send("session.status", { ...fieldsOf(sessionID), type });
  };
  const asked = (event) => (request) => {
    waiting.set(request.id, request.sessionID);
    send(event, {
      ...fieldsOf(request.sessionID),
      requestID: request.id,
      tool: request.permission ?? event.replace(/\.\w+$/, ""),
      callID: request.tool?.callID,
      message: (request.questions?.[0]?.question ?? request.text ?? request.message)?.slice(0, MAX_TEXT),
    });
  };
  const replied = (event) => (answer) => {
    waiting.delete(answer.requestID);
    const denied = answer.reply === "reject" || /\.(rejected|dismissed)$/.test(event);
    const reason = denied ? "deny" : "approve";
    send(event, { ...fieldsOf(answer.sessionID), requestID: answer.requestID, reason });
  };

  return {
    bus: {
      "session.created": (properties) => {
        adopt(properties);
        send("session.created", { ...fieldsOf(properties.info.id), source: "startup" });
      },
      "session.updated": adopt,
      "session.deleted": ({ info }) => {
        for (const known of [parents, busy, answers, ended]) known.delete(info?.id);
      },
      "session.status": status,
      "session.idle": settle,
      "session.error": ({ sessionID, error }) =>
        send("session.error", {
          ...(sessionID ? fieldsOf(sessionID) : {}),
          reason: error?.name,
          message: error?.data?.message?.slice(0, MAX_TEXT),
        }),
      "session.compacted": ({ sessionID }) => {
        resumption.compacted(sessionID);
        send("session.compacted", fieldsOf(sessionID));
      },
      "permission.asked": asked("permission.asked"),
      "permission.replied": replied("permission.replied"),
      "question.asked": asked("question.asked"),
      "question.replied": replied("question.replied"),
      "question.rejected": replied("question.rejected"),
      // Kilo Code's own: the network is gone and a person may try again; what to do next is offered.
      "session.network.asked": asked("session.network.asked"),
      "session.network.replied": replied("session.network.replied"),
      "session.network.rejected": replied("session.network.rejected"),
      "suggestion.shown": asked("suggestion.shown"),
      "suggestion.accepted": replied("suggestion.accepted"),
      "suggestion.dismissed": replied("suggestion.dismissed"),
      // No signals: they tell which text is the agent's answer.
      "message.updated": ({ info }) => {
        if (info.role !== "assistant") return;
        if (!info.summary) resumption.answered(info.sessionID);
        if (answers.get(info.sessionID)?.id !== info.id) answers.set(info.sessionID, { id: info.id });
      },
      "message.part.updated": ({ part }) => {
        const answer = answers.get(part.sessionID);
        if (part.type === "text" && answer?.id === part.messageID) answer.text = part.text.slice(0, MAX_TEXT);
      },
    },
    prompt({ sessionID }, { parts }) {
      busy.set(sessionID, true);
      const texts = parts.filter((part) => part.type === "text" && !part.synthetic);
      const prompt = texts.map((part) => part.text).join("\n");
      send("chat.message", { ...fieldsOf(sessionID), prompt: prompt.slice(0, MAX_TEXT) });
    },
    tool(event, { sessionID, tool, callID }) {
      send(event, { ...fieldsOf(sessionID), tool, callID });
    },
    // With a dialog open the turn does not run, whatever its status says.
    heartbeat() {
      const open = new Set(waiting.values());
      if (open.size > 0) return;
      for (const [sessionID, isBusy] of busy) {
        const again = ended.delete(sessionID);
        if (!parents.has(sessionID) && (isBusy || again)) send(isBusy ? "ao.busy" : "ao.idle", { sessionID });
      }
    },
  };
}

function forget(waiting, sessionID) {
  for (const [request, owner] of waiting) if (owner === sessionID) waiting.delete(request);
}
