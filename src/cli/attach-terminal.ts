import { spawn } from "node:child_process";

/**
 * Runs an attach command on the caller's own terminal and returns its exit code.
 *
 * TMUX names the caller's own server; a tmux that sees it may refuse to attach inside another, which is safe here: each
 * session has a server of its own.
 */
export function attachTerminal(
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const [program = "", ...args] = command;
  const { TMUX: _server, TMUX_PANE: _pane, ...childEnv } = env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", env: childEnv });
    // Keys such as Ctrl-C are the terminal's business while it is attached.
    const ignore = () => {};
    process.on("SIGINT", ignore);
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("SIGINT", ignore);
      resolve(code ?? 1);
    });
  });
}
