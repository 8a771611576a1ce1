import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { eventually } from "../support/eventually.ts";
import { suite } from "../support/suite.ts";
import { type CliWorld, createCliWorld } from "./cli-world.ts";

const SLOW = { timeoutMs: 90_000 };

suite("ao against a real daemon", ({ test, before, after }) => {
  let world: CliWorld;
  before(() => {
    world = createCliWorld();
  });
  after(() => world.dispose());

  test("status and stop do not start a daemon", async () => {
    const status = await world.ao(["status"]);
    assert.is(status.code, 3);
    assert.is(status.out, "");
    assert.match(status.err, /^error: no daemon answers at ".*\/home\/run\/ao\.sock"\nhint: .*ao start/);
    const json = await world.ao(["status", "--json"]);
    assert.is(json.code, 3);
    assert.is(json.json().error.reason, "DAEMON_UNREACHABLE");
    assert.is(json.err, "");
    const stop = await world.ao(["stop", "--json"]);
    assert.equal([stop.code, stop.json()], [0, { stopped: false }]);
    assert.not(existsSync(world.env.AO_HOME as string));
  });

  test(
    "start is idempotent",
    async () => {
      const first = (await world.ao(["start", "--json"])).json();
      const second = (await world.ao(["start", "--json"])).json();
      assert.is(second.daemon.pid, first.daemon.pid);
      assert.is(first.daemon.home, world.env.AO_HOME);
      assert.match((await world.ao(["status"])).out, /daemon runs: ao .*pid \d+/);
    },
    SLOW,
  );

  test(
    "a repository that is not registered: the one command to type",
    async () => {
      const refused = await world.ao(["spawn", "--agent", "demo", "--prompt", "finish"]);
      assert.is(refused.code, 1);
      assert.is(
        refused.err,
        `error: "${world.repository}" is in no registered project\nhint: Register it: \`ao project add .\`\n`,
      );
      const outside = await world.ao(["spawn", "--agent", "demo"], { cwd: world.directory });
      assert.is(outside.code, 2);
      assert.match(outside.err, /--project is missing/);
      const added = await world.ao(["project", "add", "."]);
      assert.is(added.code, 0);
      assert.match(added.out, /^project web is .*, sessions start from main\n$/);
      assert.is((await world.ao(["project", "ls", "--json"])).json().projects[0].path, world.repository);
      assert.match((await world.ao(["project", "get", "web"])).out, /branch {2}main/);
    },
    SLOW,
  );

  test(
    "spawn asks, answer approves, send is acknowledged",
    async () => {
      const spawned = await world.ao([
        "spawn",
        "--agent",
        "demo",
        "--prompt",
        "ask: first",
        "--wait",
        "--json",
      ]);
      assert.is(spawned.code, 0, spawned.err);
      const { session } = spawned.json();
      assert.is(session.id, "web-1");
      assert.is(session.status, "needs_input");
      assert.is(session.activity.waitingOn.kind, "permission");
      assert.is(session.title, "ask: first");

      const blocked = await world.ao(["send", "web-1", "typed into a dialog", "--json"]);
      assert.is(blocked.code, 1);
      assert.is(blocked.json().error.reason, "SESSION_BLOCKED");

      const table = await world.ao(["ls"]);
      assert.match(
        table.out,
        /^ID +AGENT +STATUS +FOR +WHAT +BRANCH\nweb-1 +demo +◆ needs_input +\d+s +permission: Bash/,
      );
      assert.is((await world.ao(["answer", "web-1", "approve"])).out, "web-1: approved\n");
      assert.is((await world.ao(["wait", "web-1", "--until", "idle", "--timeout", "30s"])).code, 0);
      const again = await world.ao(["answer", "web-1", "deny", "--json"]);
      assert.equal([again.code, again.json().error.reason], [1, "NOT_BLOCKED"]);

      const sent = await world.ao(["send", "web-1", "-", "--json"], { input: "hello\n" });
      const { messageId } = sent.json();
      assert.equal(
        [sent.code, sent.json()],
        [0, { id: "web-1", messageId, stage: "acknowledged", detail: null }],
        sent.err,
      );
      const listed = (await world.ao(["session", "messages", "web-1", "--json"])).json().messages;
      assert.equal(
        listed.map((one: { id: string; stage: string; text: string }) => [one.id, one.stage, one.text]),
        [[messageId, "acknowledged", "hello"]],
      );
      const late = await world.ao(["session", "messages", "cancel", messageId]);
      assert.equal([late.code, late.out], [1, ""]);
      assert.match(late.err, /too late/);
      const explained = await world.ao(["explain", "web-1"]);
      assert.match(explained.out, /permission-request Bash +applied +R5 +◆ needs_input/);
      assert.is((await world.ao(["explain", "web-1", "--json"])).json().session.id, "web-1");

      const file = join(world.directory, "web-1.trace");
      assert.match(
        (await world.ao(["record", "web-1", "-o", file])).err,
        /^\d+ signals in .*web-1\.trace, without prompts/,
      );
      assert.not.match(readFileSync(file, "utf8"), "hello");
      const replayed = (await world.ao(["replay", file, "--json"])).json();
      const statuses = replayed.steps.map((step: { status: string }) => step.status);
      assert.equal(
        [statuses[0], statuses.at(-1), statuses.includes("needs_input")],
        ["starting", "idle", true],
      );
      assert.equal([replayed.decidedOtherwise, replayed.compacted], [0, []]);
      const people = await world.ao(["replay", file, "--at", "+0s"]);
      assert.match(people.out, /○ starting: waits for its process\n/);
      const refused = await world.ao(["replay", join(world.repository, ".git/config"), "--json"]);
      assert.equal([refused.code, refused.json().error.reason], [2, "TRACE_INVALID"]);
    },
    SLOW,
  );

  test(
    "prompts from a file and from stdin; a request id starts one session",
    async () => {
      writeFileSync(join(world.directory, "task.md"), "finish: from a file\n");
      const taskFile = join(world.directory, "task.md");
      const file = ["spawn", "--harness", "demo", "--prompt-file", taskFile, "--wait", "--json"];
      assert.is((await world.ao(file)).json().session.title, "finish: from a file");
      const once = ["--request-id", "r1", "--name", "once"];
      const stdin = ["spawn", "-a", "demo", "--prompt", "-", ...once, "--wait", "--json"];
      const first = (await world.ao(stdin, { input: "finish: from stdin" })).json();
      const second = (await world.ao(stdin, { input: "finish: from stdin" })).json();
      assert.is(first.session.title, "finish: from stdin");
      assert.is(second.session.id, first.session.id);
      assert.is((await world.ao(["session", "get", "once", "--json"])).json().session.id, first.session.id);
    },
    SLOW,
  );

  test(
    "lists pages, filters, and ends quietly with its reader",
    async () => {
      const page = (await world.ao(["ls", "--json", "--page-size", "1"])).json();
      assert.is(page.sessions.length, 1);
      const rest = (await world.ao(["session", "ls", "--json", "--page-token", page.nextPageToken])).json();
      assert.equal([rest.sessions.length, rest.nextPageToken], [2, ""]);
      assert.is((await world.ao(["ls", "--status", "lost", "--json"])).json().sessions.length, 0);
      const piped = execFileSync(
        "sh",
        ["-c", '"$0" ls | head -n 1', join(import.meta.dirname, "../../bin/ao")],
        {
          env: world.env,
          encoding: "utf8",
        },
      );
      assert.match(piped, /^ID +AGENT[^\n]*\n$/);
    },
    SLOW,
  );

  test(
    "logs show the terminal; following ends with the session",
    async () => {
      assert.match((await world.ao(["logs", "web-1", "-n", "100"])).out, /You said: hello/);
      const following = world.start(["logs", "web-1", "-f"]);
      await eventually(() => following.out().includes("You said: hello"), { what: "the first look" });
      const killed = await world.ao(["session", "kill", "web-1", "--json"]);
      assert.is(killed.json().session.status, "terminated");
      assert.is((await world.ao(["session", "rm", "web-1"])).code, 0);
      const { code, err } = await following.result;
      assert.is(code, 0, err);
    },
    SLOW,
  );

  test(
    "restore goes on, rename renames, rm and cleanup say what they keep",
    async () => {
      const refused = await world.ao(["session", "rm", "once"]);
      assert.is(refused.code, 1);
      assert.match(refused.err, /still runs\nhint: .*ao session kill/);
      assert.is((await world.ao(["session", "rename", "once", "twice"])).out, 'web-3 is now "twice"\n');
      await world.ao(["session", "kill", "twice"]);
      assert.is((await world.ao(["session", "restore", "twice"])).code, 0);
      assert.is((await world.ao(["wait", "twice", "--until", "idle"])).code, 0);
      const { session } = (await world.ao(["session", "kill", "twice", "--json"])).json();
      writeFileSync(join(session.workspace.path, "precious.txt"), "work nobody committed\n");
      const dry = (await world.ao(["session", "cleanup", "--dry-run", "--json"])).json();
      assert.equal(dry.wouldRemove, ["web-3"]);
      const cleaned = await world.ao(["session", "cleanup"]);
      assert.is(cleaned.code, 0);
      assert.match(cleaned.out, /^removed web-3; work kept in refs\/ao\/salvage\/web-3/);
      const kept = execFileSync("git", ["show", "refs/ao/salvage/web-3:precious.txt"], {
        cwd: world.repository,
      });
      assert.is(String(kept), "work nobody committed\n");
      assert.is(
        (await world.ao(["session", "get", "web-3", "--json"])).json().error.reason,
        "SESSION_NOT_FOUND",
      );
    },
    SLOW,
  );

  test(
    "salvages are listed, shown, restored and dropped, long after the session is forgotten",
    async () => {
      const salvage = (...args: string[]) => world.ao(["session", "salvage", ...args]);
      const [found] = (await salvage("ls", "--json")).json().salvages;
      assert.is(found.name, "web-3");
      assert.is(found.branch, "ao/web-3");
      assert.is(found.files, 1);
      assert.match((await salvage("ls")).out, /^SALVAGE .*\nweb-3 /);
      assert.match((await salvage("show", found.ref)).out, /0 commits that stand nowhere else, 1 file \(/);
      const at = join(world.directory, "rescued");
      const restored = await salvage("restore", "web-3", "--to", "../rescued", "--branch", "rescued");
      assert.is(restored.out, `restored refs/ao/salvage/web-3 on branch rescued\n${at}\n`);
      assert.is(readFileSync(join(at, "precious.txt"), "utf8"), "work nobody committed\n");
      const again = await salvage("restore", "web-3", "--to", at);
      assert.is(again.code, 1);
      assert.match(again.err, /"\/.*\/rescued" exists already\nhint: Nothing was written/);
      const unsure = await salvage("drop", "web-3");
      assert.is(unsure.code, 2);
      assert.match(unsure.err, /deletes work that stands nowhere else\nhint: Say so with `--yes`/);
      assert.is((await salvage("drop", "web-3", "--yes")).out, "dropped refs/ao/salvage/web-3\n");
      assert.match((await salvage("show", "web-3")).err, /no salvage "web-3"/);
    },
    SLOW,
  );

  test(
    "cleanup takes an age and a status, and never one that runs",
    async () => {
      const wrong = await world.ao(["session", "cleanup", "--status", "idle"]);
      assert.is(wrong.code, 2);
      assert.match(wrong.err, /"idle" is not the status of a finished session/);
      const old = (
        await world.ao(["session", "cleanup", "--older-than", "1d", "--dry-run", "--json"])
      ).json();
      assert.equal(old.wouldRemove, []);
    },
    SLOW,
  );

  test(
    "bad input: exit code 2, and what to type instead",
    async () => {
      const cases: [string[], RegExp][] = [
        [["spwan"], /there is no command `ao spwan`\nhint: Did you mean `ao spawn`\?/],
        [["session", "lss"], /Did you mean `ao session ls`\?/],
        [["ls", "extra"], /`ao ls` takes no "extra"/],
        [["ls", "--nope"], /nonexistent flag: --nope\nhint: See `ao ls --help`/],
        [["wait", "web-2", "--until", "done"], /--until "done" is not a status\nhint: .*needs_input/],
        [["wait", "web-2", "--until", "idle", "--timeout", "soon"], /--timeout "soon" is not a duration/],
        [["wait", "web-2"], /missing required flag until/],
        [["answer", "web-2", "perhaps"], /approve, deny/],
        [["send", "web-2"], /missing TEXT/],
        [["spawn", "-a", "demo", "--prompt-file", "/nowhere"], /--prompt-file "\/nowhere" does not exist/],
        [["spawn", "--prompt", "x", "--prompt-file", "y"], /prompt-file/],
        [["spawn", "--permission-mode", "yolo"], /accept-edits/],
        [["watch", "--after", "x"], /integer/],
      ];
      const results = await Promise.all(cases.map(([args]) => world.ao(args)));
      for (const [index, [args, expected]] of cases.entries()) {
        const result = results[index];
        assert.is(result?.code, 2, args.join(" "));
        assert.match(result?.err ?? "", expected, args.join(" "));
        assert.not.match(result?.err ?? "", /\n {4}at /, "a stack trace");
        assert.is(result?.out, "", args.join(" "));
      }
    },
    SLOW,
  );

  test(
    "under --json the same errors stand on stdout, and nothing on stderr",
    async () => {
      const cases: [string[], number, string][] = [
        [["spwan", "--json"], 2, "USAGE"],
        [["ls", "--nope", "--json"], 2, "USAGE"],
        [["wait", "web-2", "--until", "done", "--json"], 2, "USAGE"],
        [["spawn", "--agent", "nope", "--json"], 1, "HARNESS_NOT_FOUND"],
        [["session", "get", "nope", "--json"], 1, "SESSION_NOT_FOUND"],
        [["ls", "--project", "nope", "--json"], 1, "PROJECT_NOT_FOUND"],
        [["session", "cleanup", "--project", "nope", "--json"], 1, "PROJECT_NOT_FOUND"],
        [["watch", "--project", "nope", "--json"], 1, "PROJECT_NOT_FOUND"],
        [["wait", "web-2", "--until", "failed", "--timeout", "1s", "--json"], 4, "WAIT_TIMED_OUT"],
        [["attach", "nope", "--json"], 1, "SESSION_NOT_FOUND"],
        [["project", "add", "/nowhere", "--json"], 1, "PATH_NOT_FOUND"],
        [["project", "rm", "web", "--json"], 1, "PROJECT_IN_USE"],
      ];
      for (const [args, code, reason] of cases) {
        const result = await world.ao(args);
        assert.equal([result.code, result.json().error?.reason], [code, reason], args.join(" "));
        assert.equal(Object.keys(result.json().error), ["reason", "message", "hint", "metadata"]);
        assert.is(result.err, "", args.join(" "));
      }
    },
    SLOW,
  );

  test(
    "attach needs a terminal, and says the command to programs",
    async () => {
      const refused = await world.ao(["attach", "web-2"]);
      assert.is(refused.code, 1);
      assert.match(refused.err, /needs a terminal.*\nhint: .*ao logs web-2/);
      const { attachCommand } = (await world.ao(["attach", "web-2", "--json"])).json();
      assert.ok(attachCommand.includes("attach-session"));
    },
    SLOW,
  );

  test(
    "doctor, harnesses and version answer",
    async () => {
      const { checks } = (await world.ao(["doctor", "--json"])).json();
      assert.is(checks.find((check: { name: string }) => check.name === "git")?.level, "ok");
      assert.match((await world.ao(["harness", "ls"])).out, /\ndemo +Demo agent/);
      assert.match(
        (await world.ao(["harness", "get", "demo"])).out,
        /permission-request +permission_request/,
      );
      assert.match((await world.ao(["version"])).out, /^ao \d+\.\d+\.\d+ \(node v/);
    },
    SLOW,
  );

  test(
    "agents outlive the daemon; the next commands start it again, and only once",
    async () => {
      const { pid } = (await world.ao(["session", "get", "web-2", "--json"])).json().session.process;
      assert.match((await world.ao(["stop"])).out, /stopped; agents run on/);
      process.kill(pid, 0);
      const started = await Promise.all([1, 2, 3].map(() => world.ao(["start", "--json"])));
      const daemons = started.map((result) => result.json().daemon?.pid);
      assert.equal([new Set(daemons).size, typeof daemons[0]], [1, "number"], JSON.stringify(daemons));
      const { sessions } = (await world.ao(["ls", "--json"])).json();
      assert.equal(
        sessions.map((session: { id: string; process: { pid: number } }) => [
          session.id,
          session.process.pid,
        ]),
        [["web-2", pid]],
      );
    },
    SLOW,
  );

  test(
    "a daemon that cannot start: exit code 3 and its own words",
    async () => {
      const broken = join(world.directory, "broken");
      mkdirSync(broken);
      writeFileSync(join(broken, "ao.db"), "this is no database, and nobody may overwrite it");
      const result = await world.ao(["ls", "--json"], { env: { AO_HOME: broken } });
      assert.is(result.code, 3);
      assert.is(result.json().error.reason, "DATABASE_UNUSABLE");
      const doctor = await world.ao(["doctor"], { env: { AO_HOME: broken } });
      assert.is(doctor.code, 3);
      assert.match(doctor.out, /✗ daemon +database ".*" cannot be used/);
      const long = await world.ao(["ls"], { env: { AO_RUN_DIR: `/tmp/${"x".repeat(120)}` } });
      assert.is(long.code, 3);
      assert.match(long.err, /allows 107\nhint: Set AO_RUN_DIR/);
    },
    SLOW,
  );
});
