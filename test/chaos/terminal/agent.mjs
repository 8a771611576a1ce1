// A terminal program with a composer that does to its keyboard whatever agents were seen to do: it swallows Enter, loses
// a paste, is slow, redraws without end, opens dialogs at the worst moment, dies, leaves a shell behind. It looks like the
// demo agent, calls its hooks, and writes down what it got, as one JSON object a line, in $CHAOS_LEDGER.
import { execFile } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createRandom } from "../../../src/util/fail-point.ts";

const { CHAOS_LEDGER, CHAOS_SEED, CHAOS_CALM, AO_HOOK } = process.env;
const random = createRandom(Number(CHAOS_SEED) + process.pid);
const calm = Number(CHAOS_CALM ?? 0);
const chance = (probability) => random() < probability * (1 - calm);
const between = (low, high) => low + random() * (high - low);
const note = (entry) => appendFileSync(CHAOS_LEDGER, `${JSON.stringify({ pid: process.pid, ...entry })}\n`);
const conversation = `chaos-${process.pid}`;
/** Keys that came before a dialog stood for a moment were on their way already; claude ignores them (seen). */
const DIALOG_GRACE_MS = 100;

let composer = "";
const history = ["Chaos agent"];
let dialog;
let turns = 0;
let swallow = 0;
let lag = 0;
let requests = 0;

let hooks = Promise.resolve();
function hook(event, fields = {}) {
  const payload = JSON.stringify({ session_id: conversation, ...fields });
  hooks = hooks.then(
    () =>
      new Promise((resolve) => {
        const child = execFile(AO_HOOK, ["demo", event], resolve);
        child.stdin.end(payload);
      }),
  );
  return hooks;
}

function draw() {
  const shown = composer.length > 1000 ? `[Pasted text #1 +${composer.split("\n").length} lines]` : composer;
  const lines = [...history.slice(-8), ...(turns > 0 ? ["· thinking (esc to interrupt)"] : [])];
  const bottom = dialog ? "? Run something\n  Allow? [y/n] " : `› ${shown}`;
  process.stdout.write(`\x1b[2J\x1b[3J\x1b[H${[...lines, bottom].join("\n").replaceAll("\n", "\r\n")}`);
}

function openDialog() {
  if (dialog) return;
  const requestId = chance(0.5) ? `request-${process.pid}-${++requests}` : undefined;
  dialog = { since: performance.now() };
  draw();
  note({ event: "dialog" });
  if (requestId) hook("permission-request", { tool_name: "Bash", request_id: requestId });
  setTimeout(
    () => {
      dialog = undefined;
      draw();
      if (requestId) hook("permission-reply", { request_id: requestId, reason: "approve" });
      if (requestId && turns === 0) hook("turn-end", { message: "done" });
    },
    between(200, 1200),
  );
}

/** What is going to happen to the next message. */
function plan() {
  swallow = chance(0.25) ? 1 + Math.floor(random() * 3) : 0;
  lag = chance(0.1) ? between(200, 1500) : 0;
}

function pasted(text) {
  if (chance(0.03)) return note({ event: "lost", text });
  note({ event: "pasted", text });
  composer += text;
  draw();
  if (chance(0.12)) setTimeout(openDialog, between(0, 900));
  if (chance(0.015)) setTimeout(() => leave(3), between(0, 700));
  else if (chance(0.01)) setTimeout(() => leave(77), between(0, 700));
}

function leave(code) {
  note({ event: code === 77 ? "shell" : "died" });
  process.stdout.write("\x1b[?2004l\x1b[2J\x1b[3J\x1b[H");
  process.exit(code);
}

function enter() {
  if (swallow > 0) {
    swallow -= 1;
    note({ event: "swallowed" });
    return;
  }
  const text = composer;
  if (text === "") return note({ event: "empty-enter" });
  composer = "";
  note({ event: "submitted", text });
  plan();
  void turn(text);
}

async function turn(text) {
  turns += 1;
  history.push(`● ${text.slice(0, 40).split("\n", 1)[0]}`);
  draw();
  await hook("prompt", { prompt: text });
  setTimeout(
    async () => {
      turns -= 1;
      history.push("✓ done");
      draw();
      if (turns === 0) await hook("turn-end", { message: "done" });
    },
    between(20, 300),
  );
}

/** `arrival` is when the key came, which a slow program notices later. */
function key(bytes, arrival) {
  if (dialog) {
    const age = arrival - dialog.since;
    note({ event: age > DIALOG_GRACE_MS ? "dialog-key" : "raced-key", bytes, age });
    return;
  }
  if (bytes.startsWith("\x1b[200~")) return pasted(bytes.slice(6, -6).replaceAll("\r", "\n"));
  if (bytes === "\r") return enter();
  if (bytes === "\x1b") return note({ event: "escape" });
  if (bytes === "\x03") {
    note({ event: "cleared" });
    composer = "";
    return draw();
  }
  note({ event: "key", bytes });
  composer += bytes;
  draw();
}

let unread = "";
/** Cuts what came into pastes and keys; the end of a paste may come later. */
function* keys() {
  for (;;) {
    if (unread === "") return;
    if (unread.startsWith("\x1b[200~")) {
      const end = unread.indexOf("\x1b[201~");
      if (end === -1) return;
      yield unread.slice(0, end + 6);
      unread = unread.slice(end + 6);
    } else {
      yield unread[0];
      unread = unread.slice(1);
    }
  }
}

let reading = Promise.resolve();
process.stdin.setRawMode(true);
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  const arrival = performance.now();
  reading = reading.then(async () => {
    if (lag > 0) await new Promise((resolve) => setTimeout(resolve, lag));
    unread += chunk;
    for (const one of keys()) key(one, arrival);
  });
});
process.on("SIGTERM", () => process.exit(143));
process.on("SIGHUP", () => process.exit(129));
plan();
process.stdout.write("\x1b[?2004h");
note({ event: "started" });
await hook("session-start", { source: "startup", cwd: process.cwd() });
draw();
// Some programs never rest.
if (chance(0.2)) setInterval(draw, 40);
setInterval(() => chance(0.02) && openDialog(), 500);
