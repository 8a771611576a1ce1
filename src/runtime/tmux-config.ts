import { existsSync } from "node:fs";

/** Size of the terminal while nobody is attached. */
export const TERMINAL_SIZE = { columns: 200, rows: 50 };

/** Variables by which processes are found; see `tmuxConfig`. */
const TAGS = ["AO_SESSION_ID", "AO_LAUNCH_ID"];

/** Variables of the terminal the request came from; they would mislead a tmux inside. */
const FOREIGN = ["TMUX", "TMUX_PANE"];

const PLAIN_VALUE = /^[A-Za-z0-9_-]+$/;

/**
 * Parts an agent's environment: what the server process is started with, and what its config sets.
 *
 * The tags go by the config, so that the server itself does not carry them: it is not one of the session's
 * processes, and ending those must leave the terminal's last screen standing.
 */
export function splitEnvironment(env: Readonly<Record<string, string>>): {
  server: Record<string, string>;
  config: Record<string, string>;
} {
  const entries = Object.entries(env).filter(([name]) => !FOREIGN.includes(name));
  const isTag = ([name, value]: [string, string]) => TAGS.includes(name) && PLAIN_VALUE.test(value);
  return {
    server: Object.fromEntries(entries.filter((entry) => !isTag(entry))),
    config: Object.fromEntries(entries.filter(isTag)),
  };
}

const ENDED = "display-message 'The agent has ended. C-b d leaves.'";

/**
 * What Ctrl-Z does for whoever is attached: the agent gets the key, and is woken afterwards.
 *
 * No shell stands behind an agent that could bring it back: its process group is orphaned, so SIGTSTP does nothing, and
 * agents that suspend themselves (Claude Code 2.1.330, Copilot 1.0.102: seen) wait for a SIGCONT nobody would send.
 */
const AWAKE = [
  "send-keys C-z",
  "display-message 'The agent stays awake: there is no shell behind it. C-b d leaves.'",
  `run-shell -b 'test "#{pane_dead}" = 1 || for pause in 0.3 0.7 1; do sleep $pause; kill -s CONT -- -#{pane_pid}; done'`,
].join(" \\; ");

/** Text of a private server's config. Options newer than 3.0 are set with -q: older servers pass over them. */
export function tmuxConfig(variables: Readonly<Record<string, string>>): string {
  return [
    "set -s exit-empty off",
    "set -s escape-time 0",
    "set -g remain-on-exit on",
    // tmux would scroll the agent's last screen to write that it is dead; whoever looks is told beside it instead.
    "set -gq remain-on-exit-format ''",
    `set-hook -g pane-died "if-shell -F '#{session_attached}' \\"${ENDED}\\""`,
    `set-hook -g client-attached "if-shell -F '#{pane_dead}' \\"${ENDED}\\""`,
    `bind-key -n C-z ${AWAKE}`,
    "set -g destroy-unattached off",
    "set -g status off",
    "set -g mouse on",
    "set -g history-limit 10000",
    "set -g set-titles off",
    "set -g window-size latest",
    `set -g default-size ${TERMINAL_SIZE.columns}x${TERMINAL_SIZE.rows}`,
    `set -g default-terminal ${terminalType()}`,
    "set -gw automatic-rename off",
    "set -gw allow-rename off",
    // Whoever attaches must not change what later programs of the session are given.
    "set -g update-environment ''",
    ...Object.entries(variables).map(([name, value]) => `set-environment -g ${name} ${value}`),
    "",
  ].join("\n");
}

const TERMINFO_DIRECTORIES = ["/usr/share/terminfo", "/lib/terminfo", "/etc/terminfo", "/usr/lib/terminfo"];

/** tmux-256color where the host knows it (older macOS does not), else screen-256color. macOS names folders in hex. */
function terminalType(): string {
  const known = TERMINFO_DIRECTORIES.some((directory) =>
    ["t", "74"].some((folder) => existsSync(`${directory}/${folder}/tmux-256color`)),
  );
  return known ? "tmux-256color" : "screen-256color";
}
