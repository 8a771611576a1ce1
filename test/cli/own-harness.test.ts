import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { harnessTemplate } from "../../src/cli/harness/template.ts";
import { readHarness } from "../../src/harness/own/read-harness.ts";
import { suite } from "../support/suite.ts";

suite("ao harness new", ({ test }) => {
  test("begins with a file that can run as it stands, whatever the names", () => {
    for (const name of ["my-agent", 'my agent\'s "CLI": v2 # x', "a\\b", "- x", "true"]) {
      const { spec, problems } = readHarness(harnessTemplate({ id: "my-agent", name, binary: name }));
      assert.equal(problems, [], name);
      assert.is(spec?.displayName, name);
      assert.equal(spec?.binary.names, [name]);
    }
  });

  test("every part it only shows is right as well once it is uncommented", () => {
    const text = harnessTemplate({ id: "my-agent", name: "My agent", binary: "my-agent" });
    const [intro = "", ...rest] = text.split("\nid: ");
    const shown = rest.join("\nid: ").replace(/^( *)# ([ \w-]|\{)/gm, "$1$2");
    const whole = shown
      .split("\n")
      .filter(
        (line) =>
          !/^[ ]*(How the program|What each event|Where the fields|What the screen|the last|what stands|Keys as|What ao cannot|Each item)/.test(
            line,
          ),
      );
    assert.match(intro, /\$schema=\.\/harness\.schema\.json/);
    const { spec, problems } = readHarness(`id: ${whole.join("\n")}`);
    assert.equal(problems, []);
    assert.is(spec?.hooks.strategy, "files");
    assert.is(spec?.capabilities.permissionSignal, true);
    assert.is(spec?.capabilities.answer, true);
    assert.is(spec?.capabilities.resume, true);
  });

  test("ships a schema for editors that knows every part of a file", () => {
    const path = join(import.meta.dirname, "../../gen/harness.schema.json");
    const schema = JSON.parse(readFileSync(path, "utf8")) as { properties: object; required: string[] };
    const { spec } = readHarness(harnessTemplate({ id: "a", name: "a", binary: "a" }));
    const parts = Object.keys(spec ?? {}).filter((part) => part !== "witness");
    for (const part of parts) assert.ok(part in schema.properties, part);
    assert.equal(schema.required, ["id", "displayName", "facts", "binary", "launch"]);
  });
});
