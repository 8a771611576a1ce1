import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Config } from "@oclif/core/config";
import { Help } from "@oclif/core/help";
import * as assert from "uvu/assert";
import { findInstall } from "../../src/cli/install.ts";
import { suite } from "../support/suite.ts";

const SNAPSHOT = join(import.meta.dirname, "surface.txt");

function loadConfig(): Promise<Config> {
  const install = findInstall();
  return Config.load({ root: install.oclifRoot, pjson: install.packageJson as never });
}

/** Every command people can type, each with all its help says. */
async function surface(): Promise<string> {
  const config = await loadConfig();
  const help = new HelpText(config, { stripAnsi: true, maxWidth: 100 });
  const commands = [...config.commands].sort((a, b) => a.id.localeCompare(b.id));
  const texts = commands.map((command) => `# ao ${command.id.replaceAll(":", " ")}\n\n${help.text(command)}`);
  return `${texts.join("\n\n")}\n`;
}

class HelpText extends Help {
  text(command: Config["commands"][number]): string {
    const lines = this.formatCommand(command).split("\n");
    return lines.map((line) => line.trimEnd()).join("\n");
  }
}

suite("command surface", ({ test }) => {
  test("is as recorded in surface.txt (AO_UPDATE_SNAPSHOTS=1 records it anew)", async () => {
    const text = await surface();
    if (process.env.AO_UPDATE_SNAPSHOTS) writeFileSync(SNAPSHOT, text);
    assert.fixture(text, readFileSync(SNAPSHOT, "utf8"));
  });

  test("has the commands that were promised", async () => {
    const config = await loadConfig();
    const expected = [
      "start stop restart status doctor version demo hooks spawn ls attach send interrupt answer logs watch wait explain record replay",
      "project:add project:ls project:get project:rm",
      "session:ls session:get session:kill session:restore session:rename session:rm session:cleanup session:messages session:messages:cancel",
      "session:salvage:ls session:salvage:show session:salvage:restore session:salvage:drop",
      "harness:ls harness:get harness:new harness:check harness:trust harness:distrust harness:screen harness:test",
    ].flatMap((line) => line.split(" "));
    assert.equal([...config.commandIDs].sort(), expected.sort());
  });

  test("every command has a summary, an example and --json", async () => {
    const config = await loadConfig();
    for (const command of config.commands) {
      assert.ok(command.summary, `${command.id} has no summary`);
      assert.ok(command.examples?.length, `${command.id} has no example`);
      assert.ok(command.enableJsonFlag, `${command.id} has no --json`);
      for (const [name, flag] of Object.entries(command.flags))
        assert.ok(flag.description ?? flag.summary, `--${name} of ${command.id} is not described`);
    }
  });
});
