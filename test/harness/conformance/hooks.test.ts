import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as assert from "uvu/assert";
import { BUILT_IN_SPECS, createHarnesses } from "../../../src/harness/registry.ts";
import { suite } from "../../support/suite.ts";
import { type AgentPlace, agentPlace, HOOK_COMMAND, LAUNCH } from "./agent-place.ts";

suite("every harness: its hooks", ({ test }) => {
  const harnesses = createHarnesses();

  for (const spec of BUILT_IN_SPECS.filter(
    ({ hooks }) => hooks.strategy === "files" || hooks.strategy === "codex-config-flag",
  )) {
    test(`${spec.id}: what the agent is told to run spools every event under its launch`, async () => {
      using place = agentPlace();
      const { argv, env } = await harnesses.get(spec.id).prepare(place.plan());
      const isAsset =
        spec.hooks.strategy === "files" && spec.hooks.files.some(({ kind }) => kind === "asset");
      // What begins with "ao." an extension tells by its own clock.
      const told = Object.keys(spec.events).filter((event) => !isAsset || !event.startsWith("ao."));
      if (isAsset) await playExtension(place, told);
      else {
        // An agent that hides its environment leaves its hooks with PATH alone.
        const hides = spec.hooks.strategy === "files" && spec.hooks.hidesEnvironment;
        const environment = hides ? {} : { ...place.plan().env, ...env };
        for (const command of hookCommands(place, argv))
          execFileSync("/bin/sh", ["-c", command], {
            env: { PATH: "/usr/bin:/bin", ...environment },
            input: '{"session_id":"n1"}',
          });
      }
      const spooled = readdirSync(place.spool).map((name) => /^(.*?)\.\d+-\d+\.(.*)$/.exec(name)?.slice(1));
      assert.ok(spooled.every((parts) => parts?.[0] === LAUNCH));
      assert.equal(spooled.map((parts) => parts?.[1]).sort(), told.sort());
    });
  }

  test("cline: a hook of the user's own runs too, gets the same payload, and has the last word", async () => {
    using place = agentPlace();
    const user = join(place.home, ".cline/hooks/PreToolUse");
    const received = join(place.root, "received");
    execFileSync("/bin/sh", [
      "-c",
      `mkdir -p "$(dirname "${user}")" && printf '#!/bin/sh\\ncat >"${received}"\\necho user\\n' >"${user}" && chmod 755 "${user}"`,
    ]);
    await harnesses.get("cline").prepare(place.plan());
    const payload = '{"taskId":"t1"}\n\n';
    const hook = join(place.plan().launchDir, "cline-home/hooks/PreToolUse");
    assert.is(execFileSync(hook, { env: place.plan().env, input: payload, encoding: "utf8" }), "user\n");
    assert.is(readFileSync(received, "utf8"), payload);
    assert.is(readdirSync(place.spool).length, 1);
  });
});

/** Every command in the launch's files and flags that names ao-hook; executables in the place of commands too. */
function hookCommands(place: AgentPlace, argv: readonly string[]): string[] {
  const dirs = [place.plan().launchDir, place.worktree];
  const files = dirs.flatMap((dir) =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "worktree-files.json")
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return [
    ...files.flatMap((path) => {
      const text = readFileSync(path, "utf8");
      if (statSync(path).mode & 0o100) return text.includes(HOOK_COMMAND) ? [path] : [];
      if (path.endsWith(".json")) return strings(JSON.parse(text));
      return [...text.matchAll(/^command = (".*")$/gm)].map(
        (match) => JSON.parse(match[1] as string) as string,
      );
    }),
    ...argv.flatMap((arg) =>
      [...arg.matchAll(/command=("(?:[^"\\]|\\.)*")/g)].map(
        (match) => JSON.parse(match[1] as string) as string,
      ),
    ),
  ].filter((command) => command.includes(HOOK_COMMAND) || command.startsWith("/"));
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return value.includes(HOOK_COMMAND) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** Loads the extension as its agent does, and has it told of each event. */
async function playExtension(place: AgentPlace, events: readonly string[]): Promise<void> {
  const file = readdirSync(place.plan().launchDir).find((name) => name.endsWith(".mjs")) ?? "";
  const program = `const { default: extend } = await import(${JSON.stringify(pathToFileURL(join(place.plan().launchDir, file)).href)});
    const told = new Map();
    extend({ on: (event, handler) => told.set(event, handler) });
    const payload = { prompt: "x", message: { role: "user", content: "x" } };
    for (const event of ${JSON.stringify(events)}) told.get(event)(payload, undefined);`;
  execFileSync(process.execPath, ["--input-type=module", "-e", program], { env: place.plan().env });
}
