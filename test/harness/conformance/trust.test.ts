import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import { createHarnesses } from "../../../src/harness/registry.ts";
import { suite } from "../../support/suite.ts";
import { type AgentPlace, agentPlace } from "./agent-place.ts";

suite("a worktree is trusted as the user trusts its repository", ({ test }) => {
  const harnesses = createHarnesses();
  const kimi = (place: AgentPlace) => harnesses.get("kimi").prepare(place.plan());
  const mirrored = (place: AgentPlace) => join(place.plan().launchDir, "kimi-home/workspace-trust");

  test("kimi: the user's record of the repository stands for the worktree, in the mirror alone", async () => {
    using place = agentPlace();
    const record = trust(place, place.repository);
    await kimi(place);
    const ours = recordName(place.worktree);
    assert.equal(readdirSync(mirrored(place)).sort(), [record, ours].sort());
    assert.equal(JSON.parse(readFileSync(join(mirrored(place), ours), "utf8")), {
      root: place.worktree,
      trustedAt: 7,
    });
    assert.is(lstatSync(join(mirrored(place), ours)).mode & 0o777, 0o600);
    assert.equal(readdirSync(records(place)), [record]);
  });

  test("kimi: without trust in the repository its dialog is left to the user, whose answer is kept", async () => {
    using place = agentPlace();
    trust(place, dirname(place.repository));
    const record = join(records(place), recordName(place.repository));
    const elsewhere = JSON.stringify({ root: dirname(place.repository) });
    for (const text of [undefined, "{", "[]", "{}", elsewhere]) {
      if (text !== undefined) writeFileSync(record, text);
      const launchDir = place.newLaunchDir();
      await harnesses.get("kimi").prepare(place.plan({ launchDir }));
      const link = join(launchDir, "kimi-home/workspace-trust");
      assert.ok(lstatSync(link).isSymbolicLink(), text ?? "none");
      assert.not.ok(existsSync(join(link, recordName(place.worktree))), text ?? "none");
    }
  });

  test("kimi: a record's name is made of the directory's last part as kimi makes it", async () => {
    using place = agentPlace();
    const odd = join(place.root, `-My Wörk_tree.${"x".repeat(60)}-`);
    mkdirSync(odd);
    trust(place, place.repository);
    await harnesses.get("kimi").prepare(place.plan({ workspacePath: odd }));
    const [name] = readdirSync(mirrored(place)).filter((one) => one.startsWith("wd_my"));
    assert.is(name, `wd_my-w-rk_tree.${"x".repeat(27)}_${hashOf(odd)}`);
  });

  test("gemini: the nearest directory with a word on it decides", async () => {
    using place = agentPlace();
    const file = join(place.home, ".gemini/trustedFolders.json");
    mkdirSync(dirname(file));
    const trusted = async (folders: object) => {
      writeFileSync(file, JSON.stringify(folders));
      const { env } = await harnesses.get("gemini").prepare(place.plan({ launchDir: place.newLaunchDir() }));
      return env.GEMINI_CLI_TRUST_WORKSPACE === "true";
    };
    const above = dirname(place.repository);
    assert.ok(await trusted({ [place.repository]: "TRUST_FOLDER" }));
    assert.ok(await trusted({ [above]: "TRUST_FOLDER" }));
    assert.ok(await trusted({ [place.home]: "TRUST_PARENT" }));
    assert.not.ok(await trusted({ [above]: "TRUST_FOLDER", [place.repository]: "DO_NOT_TRUST" }));
    assert.not.ok(await trusted({ [place.worktree]: "TRUST_FOLDER" }));
    assert.not.ok(await trusted({}));
  });
});

function records(place: AgentPlace): string {
  return join(place.home, ".kimi-code/workspace-trust");
}

/** Writes what kimi 2.1.0 keeps of a directory that its user trusts, and returns the file's name. */
function trust(place: AgentPlace, directory: string): string {
  mkdirSync(records(place), { recursive: true });
  const name = recordName(directory);
  writeFileSync(join(records(place), name), JSON.stringify({ root: directory, trustedAt: 7 }));
  return name;
}

function recordName(directory: string): string {
  return `wd_${directory.split("/").at(-1)}_${hashOf(directory)}`;
}

function hashOf(directory: string): string {
  return createHash("sha256").update(directory).digest("hex").slice(0, 12);
}
