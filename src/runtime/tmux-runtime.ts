import { createHash, randomBytes } from "node:crypto";
import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AoError } from "../core/errors.ts";
import type { Runtime, StartRequest } from "../core/ports/runtime.ts";
import { refuseLongSocketPath } from "../core/socket-path.ts";
import { writeFileAtomic } from "../util/atomic-file.ts";
import { SOCKET_PATH_LIMIT } from "../util/paths.ts";
import { writeCommandFile } from "./command-file.ts";
import { awaitLauncher, prepareLauncher, startFailed } from "./launcher.ts";
import { lastLines } from "./screen-text.ts";
import { createTmuxClient, type TmuxClient, type TmuxResult } from "./tmux-client.ts";
import { splitEnvironment, TERMINAL_SIZE, tmuxConfig } from "./tmux-config.ts";
import { leaveMode, look, type TmuxTerminal, typeOnce, wasTyped } from "./tmux-keystroke.ts";
import { killServer } from "./tmux-server.ts";

const SESSION = "ao";
/** The agent's pane: the first of its server. A person may add others. */
const PANE = "%0";
/** True for a pane that is there and lives. tmux 3.3a dies of a paste into a dead pane, so the server itself asks. */
const PANE_LIVES = "#{?pane_dead,,#{pane_pid}}";
const PROBE_DEADLINE_MS = 2000;
/** Between two keys: Escapes that arrive together are read as Alt-Escape (the port says where that was seen). */
const KEY_GAP_MS = 120;
/**
 * The terminal's session leader: waits for `ao-run` and dies of a hang-up. Linux tells only the leader that a terminal
 * is gone; its death is what sends SIGHUP to the agent. `ao-run` outlives SIGHUP, so it must not be the leader.
 */
const LEADER = 'trap : INT QUIT TERM; "$0" "$1"; exit';

interface TmuxHandle {
  socket: string;
  session: string;
}

/**
 * Runs each launch in the terminal of a private tmux server.
 *
 * Sockets stand in `runDir` (made 0700), one per launch, named by a digest because a path has 107 bytes.
 * `aoRun` is the absolute path of `bin/ao-run`; `tmux` a name in PATH or a path.
 */
export function createTmuxRuntime(options: { runDir: string; aoRun: string; tmux?: string }): Runtime {
  const tmux = createTmuxClient(options.tmux);
  return {
    kind: "tmux",
    check: () => tmux.check(),
    handleFor: ({ sessionId, launchId }) =>
      JSON.stringify({ socket: socketPath(options.runDir, launchId), session: sessionId }),
    start: async (handle, request) => {
      await prepareLauncher(options.aoRun, request);
      await mkdir(options.runDir, { recursive: true, mode: 0o700 });
      await chmod(options.runDir, 0o700);
      try {
        await startServer({ tmux, handle: parse(handle), request, aoRun: options.aoRun });
      } catch (error) {
        await dispose(tmux, parse(handle));
        throw error;
      }
    },
    probe: (handle) => probe(tmux, parse(handle)),
    capture: (handle, lines) => capture(tmux, parse(handle), lines),
    paste: (handle, text) => paste(tmux, parse(handle), text),
    press: (handle, keys) => press(tmux, parse(handle), keys),
    look: (handle, lines) => look(terminalOf(tmux, handle), lines),
    typeOnce: (handle, keystroke) => typeOnce(terminalOf(tmux, handle), keystroke),
    wasTyped: (handle, token) => wasTyped(terminalOf(tmux, handle), token),
    // An empty TMUX lets a person attach from within their own tmux. The name as given: the path is looked up with the
    // first use, and what a watch told of a session must not change without a revision.
    attachCommand: (handle) => [
      ...["env", "TMUX=", options.tmux ?? "tmux", "-S", parse(handle).socket],
      ...["attach-session", "-t", `=${SESSION}`],
    ],
    dispose: (handle) => dispose(tmux, parse(handle)),
  };
}

function parse(handle: string): TmuxHandle {
  return JSON.parse(handle) as TmuxHandle;
}

/** The agent's pane as `tmux-keystroke.ts` takes it. */
function terminalOf(tmux: TmuxClient, handle: string): TmuxTerminal {
  const parsed = parse(handle);
  return {
    pane: PANE,
    ask: async (args, input) => {
      const seen = await tmux.run({ socket: parsed.socket, args, input });
      return seen.kind === "gone" ? undefined : must(parsed, seen);
    },
    gone: () => new AoError("TERMINAL_GONE", { session: parsed.session }),
    silent: () => new AoError("RUNTIME_UNAVAILABLE", { runtime: "tmux", problem: "it did not answer" }),
  };
}

function socketPath(runDir: string, launchId: string): string {
  const name = createHash("sha256").update(launchId).digest("hex").slice(0, 12);
  const path = join(runDir, `${name}.sock`);
  refuseLongSocketPath(path, SOCKET_PATH_LIMIT);
  return path;
}

async function startServer(options: {
  tmux: TmuxClient;
  handle: TmuxHandle;
  request: StartRequest;
  aoRun: string;
}): Promise<void> {
  const { tmux, handle, request } = options;
  const environment = splitEnvironment(request.env);
  // Its path stands in the server's argument list: "tmux" in it would let `pkill -f tmux` find the server.
  const config = join(request.launchDir, "terminal.conf");
  await writeFileAtomic(config, tmuxConfig(environment.config));
  await writeCommandFile(request);
  const { columns, rows } = TERMINAL_SIZE;
  const started = await tmux.run({
    socket: handle.socket,
    options: ["-f", config],
    args: [
      ...["new-session", "-d", "-s", SESSION, "-x", String(columns), "-y", String(rows)],
      ...["-c", request.cwd, "--", "/bin/sh", "-c", LEADER, options.aoRun, request.launchDir],
    ],
    env: environment.server,
    timeoutMs: 15_000,
  });
  if (started.kind !== "ok") throw startFailed(request, `tmux: ${started.problem}`);
  if (!(await awaitLauncher(request.launchDir, () => false)))
    throw startFailed(request, `"${options.aoRun}" did not run in the terminal`);
}

async function probe(tmux: TmuxClient, { socket }: TmuxHandle): Promise<"alive" | "dead" | "unknown"> {
  try {
    const args = ["display-message", "-p", "-t", PANE, PANE_LIVES];
    const seen = await tmux.run({ socket, args, timeoutMs: PROBE_DEADLINE_MS });
    if (seen.kind === "failed") return "unknown";
    return seen.kind === "ok" && seen.output.trim() !== "" ? "alive" : "dead";
  } catch (error) {
    if (error instanceof AoError) return "unknown";
    throw error;
  }
}

async function capture(tmux: TmuxClient, handle: TmuxHandle, lines: number): Promise<string | undefined> {
  const args = ["capture-pane", "-p", "-t", PANE, "-S", `-${lines}`];
  const seen = await tmux.run({ socket: handle.socket, args });
  if (seen.kind === "gone") return undefined;
  return lastLines(must(handle, seen), lines);
}

async function paste(tmux: TmuxClient, handle: TmuxHandle, text: string): Promise<void> {
  if (text === "") return;
  const { socket } = handle;
  const buffer = `ao-${randomBytes(8).toString("hex")}`;
  must(handle, await tmux.run({ socket, args: ["load-buffer", "-b", buffer, "-"], input: text }));
  await whileAlive(tmux, handle, {
    command: `paste-buffer -p -d -b ${buffer} -t ${PANE}`,
    otherwise: `delete-buffer -b ${buffer}`,
  });
}

async function press(tmux: TmuxClient, handle: TmuxHandle, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  // A person scrolling has the pane in copy mode, which would take the keys for itself.
  await whileAlive(tmux, handle, { command: leaveMode(PANE) });
  for (const [index, key] of keys.entries()) {
    if (index > 0) await sleep(KEY_GAP_MS);
    const args = ["send-keys", "-t", PANE, "--", keyWord(key)];
    must(handle, await tmux.run({ socket: handle.socket, args }));
  }
}

/** A lone ";" would end the command, and a trailing one is taken off. */
function keyWord(key: string): string {
  return key.endsWith(";") ? `${key.slice(0, -1)}\\;` : key;
}

/** Runs a command if the agent's pane lives, in one step of the server; throws TERMINAL_GONE else. */
async function whileAlive(
  tmux: TmuxClient,
  handle: TmuxHandle,
  commands: { command: string; otherwise?: string },
): Promise<void> {
  const gone = ["display-message -p gone", ...(commands.otherwise ? [commands.otherwise] : [])].join(" ; ");
  const args = ["if-shell", "-F", "-t", PANE, PANE_LIVES, commands.command, gone];
  const output = must(handle, await tmux.run({ socket: handle.socket, args }));
  if (output.trim() === "gone") throw new AoError("TERMINAL_GONE", { session: handle.session });
}

function must(handle: TmuxHandle, result: TmuxResult): string {
  switch (result.kind) {
    case "ok":
      return result.output;
    case "gone":
      throw new AoError("TERMINAL_GONE", { session: handle.session });
    case "failed":
      throw new AoError("RUNTIME_UNAVAILABLE", { runtime: "tmux", problem: result.problem });
  }
}

/** Ends this server alone, by force when it does not answer. Its panes' processes get SIGHUP. */
async function dispose(tmux: TmuxClient, { socket }: TmuxHandle): Promise<void> {
  const ended = await tmux.run({ socket, args: ["kill-server"] });
  // Gone may also mean that the socket was removed before the server's eyes; a stopped server does not answer.
  if (ended.kind !== "ok") await killServer(socket);
  if (ended.kind === "failed" && !(await isGone(tmux, socket)))
    throw new AoError("RUNTIME_UNAVAILABLE", { runtime: "tmux", problem: ended.problem });
  await rm(socket, { force: true });
  await rm(`${socket}.lock`, { force: true });
}

async function isGone(tmux: TmuxClient, socket: string): Promise<boolean> {
  const seen = await tmux.run({ socket, args: ["list-sessions"] });
  return seen.kind === "gone";
}
