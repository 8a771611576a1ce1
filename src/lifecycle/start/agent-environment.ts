import type { LifecyclePaths } from "../deps.ts";

/**
 * Variables that belong to the terminal or the supervisor of whoever asked, not to the new agent: with them an agent
 * started from inside another one believes it is nested.
 */
const NEVER_PASSED = [
  /^AO_/,
  /^TMUX/,
  /^TERM_PROGRAM/,
  /^STY$/,
  /^WINDOW$/,
  /^COLUMNS$/,
  /^LINES$/,
  /^OLDPWD$/,
];

/** The agent's environment: the caller's, less what is not the agent's, plus ao's own variables. */
export function agentEnvironment(input: {
  caller: Readonly<Record<string, string>>;
  sessionId: string;
  launchId: string;
  harness: string;
  workspacePath: string;
  tokenFile: string;
  paths: LifecyclePaths;
}): Record<string, string> {
  const kept = Object.entries(input.caller).filter(
    ([name]) => !NEVER_PASSED.some((pattern) => pattern.test(name)),
  );
  return {
    ...Object.fromEntries(kept),
    PWD: input.workspacePath,
    AO_HOME: input.paths.home,
    AO_SOCKET: input.paths.socketPath,
    AO_SPOOL: input.paths.spoolDir,
    AO_SESSION_ID: input.sessionId,
    AO_LAUNCH_ID: input.launchId,
    AO_HARNESS: input.harness,
    AO_TOKEN_FILE: input.tokenFile,
  };
}
