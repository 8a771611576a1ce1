/** The shell command an agent runs for an event: `'<ao-hook>' <harness> <event>`, whatever the path contains. */
export function hookShellCommand(hookCommand: string, harness: string, event: string): string {
  return `'${hookCommand.replaceAll("'", `'\\''`)}' ${harness} ${event}`;
}
