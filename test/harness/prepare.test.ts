import { execFileSync } from "node:child_process";
import { readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as assert from "uvu/assert";
import type { Harness, LaunchPlan } from "../../src/core/ports/harnesses.ts";
import { createHarness } from "../../src/harness/create-harness.ts";
import { BUILT_IN_SPECS, createHarnesses } from "../../src/harness/registry.ts";
import type { HarnessSpec } from "../../src/harness/spec.ts";
import { rejects } from "../support/rejects.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { fakeCodex } from "./fake-codex.ts";
import { launchPlan } from "./launch-plan.ts";

suite("prepare", ({ test }) => {
  const harnesses = createHarnesses();
  /** The plan with a program that answers for codex; other agents are not started to prepare a launch. */
  const prepare = async (root: string, id: string, fields: Partial<LaunchPlan> = {}) => {
    const binary = id === "codex" ? fakeCodex(root) : "/bin/agent";
    const plan = launchPlan(root, { binary, ...fields });
    const prepared = await harnesses.get(id).prepare(plan);
    return { ...prepared, plan, argv: prepared.argv.map((arg) => arg.replaceAll(root, "ROOT")) };
  };
  const isHooks = (arg: string) => arg.startsWith("hooks={");

  test("claude-code: flags, and a settings file with one hook per event", async () => {
    using root = tempDir();
    const { argv, env, witness } = await prepare(root.path, "claude-code", {
      prompt: "mend it",
      model: "opus",
      permissionMode: "accept-edits",
      resumeId: "c8231535-8b24",
    });
    assert.equal(argv, [
      "/bin/agent",
      "--settings",
      "ROOT/launch/settings.json",
      "--permission-mode",
      "acceptEdits",
      "--model",
      "opus",
      "--resume",
      "c8231535-8b24",
      "--",
      "mend it",
    ]);
    assert.equal(env, {});
    assert.equal(witness, { configDir: join(root.path, "home/.claude") });
    const settings = JSON.parse(readFileSync(join(root.path, "launch/settings.json"), "utf8"));
    assert.equal(Object.keys(settings), ["hooks"]);
    assert.equal(settings.hooks.PermissionRequest, [
      {
        hooks: [
          {
            type: "command",
            command: "'/opt/it'\\''s ao/bin/ao-hook' claude-code PermissionRequest",
            timeout: 10,
          },
        ],
      },
    ]);
    assert.is(settings.hooks.MessageDisplay, undefined);
  });

  test("the hook's command is one word to a shell, whatever the path contains", async () => {
    using root = tempDir();
    await prepare(root.path, "claude-code");
    const settings = JSON.parse(readFileSync(join(root.path, "launch/settings.json"), "utf8"));
    const { command } = settings.hooks.Stop[0].hooks[0];
    const words = execFileSync("/bin/sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" });
    assert.equal(words.trimEnd().split("\n"), ["/opt/it's ao/bin/ao-hook", "claude-code", "Stop"]);
  });

  test("a variable of several values has the first whose own variables are set", async () => {
    using root = tempDir();
    const home = join(root.path, "home");
    let launches = 0;
    const pathOf = async (given: Record<string, string>) => {
      launches += 1;
      const launchDir = join(root.path, `launch-${launches}`);
      const { env } = await prepare(root.path, "grok", { launchDir, env: { HOME: home, ...given } });
      return env.GROK_AUTH_PATH;
    };
    assert.is(await pathOf({}), `${home}/.grok/auth.json`);
    assert.is(await pathOf({ GROK_HOME: `${home}/g` }), `${home}/g/auth.json`);
    assert.is(await pathOf({ GROK_HOME: `${home}/g`, GROK_AUTH_PATH: "/a.json" }), "/a.json");
  });

  test("the second witness is where the agent's own environment puts it", async () => {
    using root = tempDir();
    const env = { HOME: "/home/u", CLAUDE_CONFIG_DIR: "/etc/claude", CODEX_HOME: "/etc/codex" };
    assert.equal((await prepare(root.path, "claude-code", { env })).witness, { configDir: "/etc/claude" });
    assert.equal((await prepare(root.path, "codex", { env: { ...env, PATH: "/bin" } })).witness, {
      codexHome: "/etc/codex",
    });
    assert.equal((await prepare(root.path, "claude-code", { env: {} })).witness, {});
  });

  test("codex: the hooks by flag, each trusted by the hash codex reports, and no bypass", async () => {
    using root = tempDir();
    const { argv } = await prepare(root.path, "codex", { prompt: "mend it", model: "gpt" });
    assert.equal(
      argv.map((arg) => (isHooks(arg) ? "HOOKS" : arg)),
      [
        "ROOT/codex",
        "--no-daemon",
        "-c",
        "HOOKS",
        "-c",
        "check_for_update_on_startup=false",
        "-a",
        "on-request",
        "-s",
        "workspace-write",
        "-m",
        "gpt",
        "--",
        "mend it",
      ],
    );
    const hooks = argv.find(isHooks) ?? "";
    assert.ok(
      hooks.includes(`Stop=[{hooks=[{type="command",command="'/opt/it'\\\\''s ao/bin/ao-hook' codex Stop"`),
    );
    assert.ok(
      hooks.includes('state={"/<session-flags>/config.toml:session_start:0:0"={trusted_hash="sha256:'),
    );
    assert.is(hooks.match(/trusted_hash/g)?.length, 12);
    assert.not.ok(argv.some((arg) => arg.includes("bypass-hook-trust")));
  });

  test("the last conversation of a directory: a line of its own, or arguments for that case alone", async () => {
    using root = tempDir();
    const own = (launch: Partial<HarnessSpec["launch"]>) => {
      const [demo] = BUILT_IN_SPECS.filter(({ id }) => id === "demo");
      assert.ok(demo);
      const interactive = ["{binary}", { when: "prompt" as const, args: ["--", "{prompt}"] }];
      return createHarness({
        ...demo,
        hooks: { strategy: "none" },
        launch: {
          ...demo.launch,
          interactive,
          headless: undefined,
          resume: undefined,
          resumeBy: "directory",
          ...launch,
        },
      });
    };
    const argv = async (harness: Harness, fields: Partial<LaunchPlan>) =>
      (await harness.prepare(launchPlan(root.path, fields))).argv.slice(1);
    const line = own({ resume: ["{binary}", "--continue"] });
    const typed = await line.prepare(launchPlan(root.path, { resumeLast: true, prompt: "go on" }));
    assert.equal([typed.argv.slice(1), typed.promptToType], [["--continue"], "go on"]);
    assert.equal(await argv(line, { prompt: "do it" }), ["--", "do it"]);
    const cased = own({
      interactive: [
        "{binary}",
        { when: "resume", args: ["--last"] },
        { when: "prompt", args: ["--", "{prompt}"] },
      ],
    });
    assert.equal(await argv(cased, { resumeLast: true, prompt: "go on" }), ["--last", "--", "go on"]);
    assert.equal(await argv(cased, { prompt: "do it" }), ["--", "do it"]);
    await rejects(argv(own({}), { resumeLast: true }), "UNSUPPORTED");
    await rejects(
      argv(own({ resume: ["{binary}", "--continue"], resumeBy: "id" }), { resumeLast: true }),
      "UNSUPPORTED",
    );
  });

  test("continue: a copy of the conversation, and a prompt that is typed", async () => {
    using root = tempDir();
    const { argv, promptToType } = await prepare(root.path, "continue", {
      resumeId: "0ec23741",
      prompt: "go on",
    });
    assert.equal([argv, promptToType], [["/bin/agent", "--fork=0ec23741"], "go on"]);
  });

  test("codex: resume has its own form", async () => {
    using root = tempDir();
    const { argv } = await prepare(root.path, "codex", { resumeId: "01a2042c", prompt: "go on" });
    assert.equal(argv.slice(0, 3), ["ROOT/codex", "resume", "--no-daemon"]);
    assert.equal(argv.slice(-3), ["01a2042c", "--", "go on"]);
  });

  test("codex: its own binary is asked once per hook text, and again when it changes", async () => {
    using root = tempDir();
    const asked = () => readFileSync(join(root.path, "asked"), "utf8").length;
    const binary = fakeCodex(root.path);
    await prepare(root.path, "codex", { binary });
    await prepare(root.path, "codex", { binary, prompt: "again" });
    assert.is(asked(), 1);
    utimesSync(binary, 1, 1);
    await prepare(root.path, "codex", { binary });
    assert.is(asked(), 2);
    await prepare(root.path, "codex", { binary, hookCommand: "/elsewhere/ao-hook" });
    assert.is(asked(), 3);
  });

  for (const [mode, problem] of [
    ["exit", /ended with code 3: no such config/],
    ["error", /hooks cannot be listed/],
    ["fewer", /takes 11 of 12 hooks/],
    ["untrusted-user", undefined],
  ] as const) {
    test(`codex: a server that answers "${mode}" ${problem ? "is a typed error" : "is understood"}`, async () => {
      using root = tempDir();
      const env = { HOME: "/home/u", PATH: "/usr/bin:/bin", FAKE_CODEX: mode };
      const preparing = prepare(root.path, "codex", { binary: fakeCodex(root.path), env });
      if (problem) assert.match((await rejects(preparing, "HARNESS_SETUP_FAILED")).message, problem);
      else assert.not.ok((await preparing).argv.some((arg) => arg.includes("user-hook")));
    });
  }

  test("codex: a binary that cannot be started is a typed error", async () => {
    using root = tempDir();
    const binary = join(root.path, "not-a-program");
    execFileSync("/bin/sh", ["-c", `echo data > ${binary}`]);
    await rejects(prepare(root.path, "codex", { binary }), "HARNESS_SETUP_FAILED");
  });

  test("opencode: a plugin in the launch directory, beside what the user has set", async () => {
    using root = tempDir();
    const user = {
      plugin: ["file:///mine.js", "file:///old/launch/ao-plugin.js"],
      permission: "ask",
      theme: "x",
    };
    const { argv, env } = await prepare(root.path, "opencode", {
      prompt: "mend it",
      model: "mock/m",
      permissionMode: "accept-edits",
      env: { HOME: "/home/u", OPENCODE_CONFIG_CONTENT: JSON.stringify(user) },
    });
    assert.equal(argv, ["/bin/agent", "--model=mock/m", "--prompt=mend it"]);
    const plugin = join(root.path, "launch/ao-plugin.js");
    assert.equal(JSON.parse(env.OPENCODE_CONFIG_CONTENT as string), {
      plugin: ["file:///mine.js", pathToFileURL(plugin).href],
      permission: { "*": "ask", edit: "allow", bash: "ask", webfetch: "ask" },
      theme: "x",
    });
    assert.equal(JSON.parse(env.AO_PLUGIN_RESTORE as string), {
      OPENCODE_CONFIG_CONTENT: JSON.stringify(user),
    });
    assert.is(env.AO_PLUGIN_PROMPT, undefined);
  });

  test("opencode: the default mode leaves the user's permissions alone", async () => {
    using root = tempDir();
    const { env } = await prepare(root.path, "opencode");
    assert.equal(Object.keys(JSON.parse(env.OPENCODE_CONFIG_CONTENT as string)), ["plugin"]);
  });

  test("opencode: the prompt of a resumed conversation goes to the plugin", async () => {
    using root = tempDir();
    const { argv, env } = await prepare(root.path, "opencode", { resumeId: "ses_1", prompt: "go on" });
    assert.equal(argv, ["/bin/agent", "--session=ses_1"]);
    assert.equal(JSON.parse(readFileSync(env.AO_PLUGIN_PROMPT as string, "utf8")), {
      sessionID: "ses_1",
      prompt: "go on",
      model: "",
    });
  });

  test("opencode: a config that is no object is named, not overwritten", async () => {
    using root = tempDir();
    for (const text of ["{", "[]", "7"]) {
      const env = { OPENCODE_CONFIG_CONTENT: text };
      const error = await rejects(prepare(root.path, "opencode", { env }), "HARNESS_SETUP_FAILED");
      assert.match(error.message, /OPENCODE_CONFIG_CONTENT is not a JSON object/);
    }
  });

  test("demo: ao-hook is named in the environment", async () => {
    using root = tempDir();
    const { argv, env } = await prepare(root.path, "demo", { prompt: "ask" });
    assert.equal(argv, ["/bin/sh", "/bin/agent", "--", "ask"]);
    assert.equal(env, { AO_HOOK: "/opt/it's ao/bin/ao-hook" });
  });

  for (const spec of BUILT_IN_SPECS) {
    test(`${spec.id}: nothing of an agent that it was started from stays in the environment`, async () => {
      using root = tempDir();
      const { unsetEnv } = await prepare(root.path, spec.id);
      for (const name of ["CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "TMUX", "TMUX_PANE"])
        assert.ok(unsetEnv.includes(name));
      for (const name of [
        "CLAUDE_CODE_USE_BEDROCK",
        "CLAUDE_CONFIG_DIR",
        "CODEX_HOME",
        "OPENCODE_CONFIG",
        "HOME",
      ])
        assert.not.ok(unsetEnv.includes(name));
    });

    test(`${spec.id}: what cannot be is refused by name`, async () => {
      using root = tempDir();
      const reason = spec.launch.headless ? "INVALID_FIELD" : "UNSUPPORTED";
      await rejects(prepare(root.path, spec.id, { prompt: "", headless: true }), reason);
      if (spec.launch.prompt === "in_command")
        await rejects(prepare(root.path, spec.id, { prompt: "x".repeat(131_072) }), "INVALID_FIELD");
      await rejects(prepare(root.path, spec.id, { prompt: "a\0b" }), "INVALID_FIELD");
      for (const model of ["--yolo", "a b", "a\nb", "x".repeat(300)])
        assert.is(
          (await rejects(prepare(root.path, spec.id, { model }), "INVALID_FIELD")).metadata.field,
          "model",
        );
      for (const resumeId of ["--last", "", " x", "a/b", "$(ls)"])
        await rejects(prepare(root.path, spec.id, { resumeId }), "INVALID_FIELD");
      const modes = ["default", "accept-edits", "auto", "bypass-permissions"] as const;
      for (const permissionMode of modes.filter((mode) => !spec.launch.permission[mode])) {
        const error = await rejects(prepare(root.path, spec.id, { permissionMode }), "UNSUPPORTED");
        assert.is(error.hint, spec.launch.permissionHint);
      }
    });
  }
});
