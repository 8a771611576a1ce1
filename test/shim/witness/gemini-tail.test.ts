import { appendFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { createGeminiTail } from "../../../src/shim/witness/gemini-tail.ts";
import { suite } from "../../support/suite.ts";
import { tempDir } from "../../support/temp-dir.ts";

const START = Date.UTC(2026, 10, 23, 3, 25, 54);
let count = 0;
const line = (ms: number, type: string, content: unknown) =>
  `${JSON.stringify({ id: `id-${++count}`, timestamp: new Date(START + ms).toISOString(), type, content })}\n`;
const cancelled = (ms: number) => line(ms, "info", "Request cancelled.");
const prompt = (ms: number, text: string) => line(ms, "user", [{ text }]);

suite("gemini's session file", ({ test }) => {
  test("a prompt that is written behind its own cancel begins no turn, the next one does", async () => {
    using dir = tempDir();
    const path = join(dir.path, "session.jsonl");
    const tail = createGeminiTail(path);
    const read = async () => (await tail.read()).map(({ kind, at }) => `${kind} ${at - START}`);
    appendFileSync(path, cancelled(804));
    assert.equal(await read(), ["interrupted 804"]);
    appendFileSync(path, prompt(927, "HANG"));
    assert.equal(await read(), []);
    appendFileSync(path, prompt(6000, "SAY fine") + cancelled(7000));
    assert.equal(await read(), ["active 6000", "interrupted 7000"]);
  });

  test("a prompt from before the cancel, read with it, begins the turn that is stopped", async () => {
    using dir = tempDir();
    const path = join(dir.path, "session.jsonl");
    appendFileSync(path, prompt(100, "HANG") + cancelled(900) + prompt(1000, "HANG"));
    const events = await createGeminiTail(path).read();
    assert.equal(
      events.map(({ kind, at }) => `${kind} ${at - START}`),
      ["active 100", "interrupted 900"],
    );
  });
});
