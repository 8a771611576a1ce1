/**
 * Makes the pictures of the README from real runs: `node test/docs/make-pictures.ts` writes `.github/demo.svg` and
 * `.github/ls.svg`. Needs tmux; leaves nothing running.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "../support/eventually.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { tempDir } from "../support/temp-dir.ts";
import { ansiToSvg } from "./ansi-to-svg.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const AO = join(ROOT, "bin/ao");
const OUT = join(ROOT, ".github");
const SIZE = { columns: 112, rows: 24 };

mkdirSync(OUT, { recursive: true });
await pictureDemo();
await pictureList();

async function pictureDemo(): Promise<void> {
  using terminal = openTerminal([AO, "demo"], {});
  await eventually(
    () => ["needs_input", "working", "idle"].every((word) => terminal.plain().includes(word)),
    {
      what: "three states in the demo",
      timeoutMs: 30_000,
    },
  );
  writeFileSync(
    join(OUT, "demo.svg"),
    ansiToSvg(terminal.coloured(), { title: "ao demo", columns: SIZE.columns }),
  );
  terminal.type("q");
  await eventually(() => !terminal.isOpen(), { what: "the end of the demo", timeoutMs: 30_000 });
}

async function pictureList(): Promise<void> {
  const daemon = await createRealDaemon();
  try {
    await spawnTeam(daemon);
    const script = 'printf "\\033[1m$ ao ls\\033[0m\\n"; "$0" ls; sleep 60';
    using terminal = openTerminal(["sh", "-c", script, AO], daemon.env);
    await eventually(() => terminal.plain().includes("BRANCH"), { what: "the list", timeoutMs: 20_000 });
    writeFileSync(
      join(OUT, "ls.svg"),
      ansiToSvg(terminal.coloured(), { title: "ao ls", columns: SIZE.columns }),
    );
  } finally {
    await daemon.close();
  }
}

/** Six tasks as somebody has them at six in the evening. */
async function spawnTeam({ client, env }: RealDaemon): Promise<void> {
  const spawn = async (prompt: string) =>
    (await client.sessions.spawn({ projectId: "shop", harness: "demo", prompt, environment: env })).id;
  const wait = (sessionId: string, status: "needs_input" | "idle" | "working" | "failed") =>
    client.sessions.wait({ sessionId, statuses: [status], timeoutMs: 30_000 });
  await wait(await spawn("finish: write the changelog of 2.4"), "idle");
  await wait(await spawn("fail: upgrade the payment library"), "failed");
  await wait(await spawn("work: search page with filters"), "working");
  await wait(await spawn("work: translate the checkout"), "working");
  await wait(await spawn("ask: run the migration on a copy"), "needs_input");
}

function openTerminal(command: readonly string[], env: Record<string, string>) {
  const dir = tempDir();
  const socket = ["-S", join(dir.path, "t.sock")];
  const options = { env: { ...process.env, ...env, TMUX: undefined, LANG: "C.UTF-8", NO_COLOR: undefined } };
  const tmux = (...args: string[]) =>
    execFileSync("tmux", [...socket, ...args], { ...options, encoding: "utf8" });
  const isOpen = () => spawnSync("tmux", [...socket, "has-session"], options).status === 0;
  tmux("-f", "/dev/null", "new-session", "-d", "-x", `${SIZE.columns}`, "-y", `${SIZE.rows}`, ...command);
  return {
    isOpen,
    plain: () => tmux("capture-pane", "-p"),
    coloured: () => tmux("capture-pane", "-p", "-e"),
    type: (key: string) => tmux("send-keys", key),
    [Symbol.dispose]() {
      if (isOpen()) tmux("kill-server");
      dir[Symbol.dispose]();
    },
  };
}
