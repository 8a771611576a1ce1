import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createOwnHarnesses } from "../../../src/harness/own/own-harnesses.ts";
import { createTrustedSpecs, SPEC_FORMAT } from "../../../src/harness/own/trusted-specs.ts";
import { BUILT_IN_SPECS, createHarnesses } from "../../../src/harness/registry.ts";
import { rejects } from "../../support/rejects.ts";
import { suite } from "../../support/suite.ts";
import { tempDir } from "../../support/temp-dir.ts";

const FILE = (name: string) => `id: mine
displayName: ${name}
facts: { evidence: assumed, source: a test }
binary: { names: [mine] }
launch: { interactive: ["{binary}", "{prompt}"] }
`;

function home() {
  const temp = tempDir();
  const dir = join(temp.path, "harnesses");
  mkdirSync(dir);
  const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
  const own = createOwnHarnesses({ dir, builtInIds: BUILT_IN_SPECS.map(({ id }) => id) });
  const registry = () => createHarnesses(BUILT_IN_SPECS, createTrustedSpecs(dir));
  const digest = async () => (await own.find("mine"))?.digest ?? "";
  return { dir, write, own, registry, digest, [Symbol.dispose]: () => temp[Symbol.dispose]() };
}

suite("the user's own harnesses", ({ test }) => {
  test("a file is nothing until it is trusted, and then at once in every registry", async () => {
    using at = home();
    const registry = at.registry();
    at.write("mine.yaml", FILE("Mine"));
    assert.is((await at.own.find("mine"))?.trust, "untrusted");
    assert.is(registry.find("mine"), undefined);
    const error = await rejects(at.own.requireTrust("mine"), "HARNESS_NOT_TRUSTED");
    assert.match(error.message, /mine\.yaml\) may not run: its file is untrusted/);

    await at.own.trust("mine", await at.digest());
    await at.own.requireTrust("mine");
    assert.is(registry.get("mine").displayName, "Mine");
    assert.equal(registry.list().at(-1)?.id, "mine");
    assert.is(statSync(join(at.dir, ".trusted")).mode & 0o777, 0o700);
    assert.is(statSync(join(at.dir, ".trusted/mine.json")).mode & 0o777, 0o600);
  });

  test("a change after that may not run, and what runs is still what was trusted", async () => {
    using at = home();
    at.write("mine.yaml", FILE("Mine"));
    await at.own.trust("mine", await at.digest());
    const registry = at.registry();
    at.write("mine.yaml", FILE("Evil"));
    assert.is((await at.own.find("mine"))?.trust, "changed");
    await rejects(at.own.requireTrust("mine"), "HARNESS_NOT_TRUSTED");
    assert.is(registry.get("mine").displayName, "Mine");
    await at.own.trust("mine", await at.digest());
    assert.is(registry.get("mine").displayName, "Evil");
  });

  test("trust is for the bytes that were looked at", async () => {
    using at = home();
    at.write("mine.yaml", FILE("Mine"));
    const seen = await at.digest();
    at.write("mine.yaml", FILE("Evil"));
    await rejects(at.own.trust("mine", seen), "HARNESS_CHANGED");
    assert.is(at.registry().find("mine"), undefined);
  });

  test("distrusted or gone, it starts nothing", async () => {
    using at = home();
    at.write("mine.yaml", FILE("Mine"));
    await at.own.trust("mine", await at.digest());
    rmSync(join(at.dir, "mine.yaml"));
    await rejects(at.own.requireTrust("mine"), "HARNESS_NOT_FOUND");
    at.write("mine.yaml", FILE("Mine"));
    await at.own.distrust("mine");
    await at.own.distrust("mine");
    await rejects(at.own.requireTrust("mine"), "HARNESS_NOT_TRUSTED");
    assert.is(at.registry().find("mine"), undefined);
  });

  test("a file under a name or an id that is not its own is no harness", async () => {
    using at = home();
    at.write("other.yaml", FILE("Mine"));
    at.write("codex.yaml", FILE("Mine").replace("id: mine", "id: codex"));
    const files = await at.own.list();
    assert.equal(
      files.map(({ id, trust, problems }) => [id, trust, problems.map(({ problem }) => problem)]),
      [
        ["codex", "invalid", ['"codex" ships with ao: choose another id, and call the file after it']],
        ["other", "invalid", ['must be "other", as the file is called; got "mine"']],
      ],
    );
    await rejects(at.own.trust("other", files[1]?.digest ?? ""), "HARNESS_INVALID");
    await rejects(at.own.trust("../../etc/passwd", "0"), "HARNESS_NOT_FOUND");
  });

  test("a spec kept in another form is made anew from its file; one whose file is gone is left out", async () => {
    using at = home();
    at.write("mine.yaml", FILE("Mine"));
    await at.own.trust("mine", await at.digest());
    const path = join(at.dir, ".trusted/mine.json");
    const kept = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...kept, format: SPEC_FORMAT + 1, spec: {} }));
    assert.is(at.registry().find("mine"), undefined);
    await createOwnHarnesses({ dir: at.dir, builtInIds: [] }).renew();
    assert.is(at.registry().get("mine").displayName, "Mine");
    writeFileSync(path, JSON.stringify({ ...kept, format: 0 }));
    rmSync(join(at.dir, ".trusted/mine.yaml"));
    await createOwnHarnesses({ dir: at.dir, builtInIds: [] }).renew();
    assert.is(at.registry().find("mine"), undefined);
  });
});
