import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes a little program that answers `app-server` as codex 0.169.0 does (line by line JSON, notifications in between,
 * keys and hashes per hook) and notes in `asked` each time it was started. FAKE_CODEX makes it misbehave.
 */
export function fakeCodex(dir: string): string {
  const path = join(dir, "codex");
  if (existsSync(path)) return path;
  writeFileSync(path, `#!${process.execPath}\n${PROGRAM}`);
  chmodSync(path, 0o755);
  return path;
}

const PROGRAM = `
const fs = require("node:fs");
const path = require("node:path");
const mode = process.env.FAKE_CODEX ?? "";
fs.appendFileSync(path.join(__dirname, "asked"), "x");
if (process.env.CLAUDECODE || process.argv[2] !== "app-server" || process.argv[3] !== "-c") process.exit(2);
if (mode === "exit") {
  console.error("no such config");
  process.exit(3);
}
const events = [...process.argv[4].matchAll(/(\\w+)=\\[\\{hooks=/g)].map((match) => match[1]);
const snake = (name) => name.replace(/(?!^)([A-Z])/g, "_$1").toLowerCase();
const hash = (text) => "sha256:" + require("node:crypto").createHash("sha256").update(text).digest("hex");
const hooks = events.map((event) => ({
  key: "/<session-flags>/config.toml:" + snake(event) + ":0:0",
  source: "sessionFlags",
  trustStatus: "untrusted",
  currentHash: hash(event),
}));
if (mode === "fewer") hooks.pop();
if (mode === "untrusted-user") hooks.push({ key: "user-hook", source: "user", currentHash: "sha256:0" });
const say = (message) => console.log(JSON.stringify(message));
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  console.log("a line of log");
  say({ method: "configWarning", params: {} });
  if (method === "initialize" && params.capabilities.experimentalApi) say({ id, result: {} });
  if (method === "hooks/list" && mode === "error") say({ id, error: { code: -32600, message: "no" } });
  else if (method === "hooks/list") say({ id, result: { data: [{ cwd: params.cwds[0], hooks }] } });
});
`;
