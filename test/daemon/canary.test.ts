import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { type ContractField, contractFields } from "../server/contract-fields.ts";
import { hostileTexts, withText } from "../server/hostile-values.ts";
import { createRawCaller } from "../server/raw-call.ts";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { suite } from "../support/suite.ts";

const SPAWN = "/ao.v1.SessionService/SpawnSession";
/** Stays what it is, so that a request reaches git, tmux and the agent instead of being refused at the door. */
const KEPT: Record<string, string> = {
  project_id: "shop",
  harness: "demo",
  "signal.launch_id": "",
  "session.id": "",
};
/** They would end what the test uses; their fields are ids alone. */
const LEFT_OUT = /StopDaemon|RemoveProject/;

suite("canary", ({ test, before, after }) => {
  let daemon: RealDaemon;
  before(async () => {
    daemon = await createRealDaemon();
  });
  after(() => daemon.close());

  test(
    "no text of any request, to a daemon with real git and terminals, runs a command or writes outside of ao's home",
    async () => {
      const root = join(daemon.paths.home, "..");
      const canary = join(root, "canary");
      const before = readdirSync(root).sort();
      const repository = readdirSync(daemon.repository).sort();
      const raw = createRawCaller(daemon.paths.socketPath);
      const token = readFileSync(daemon.paths.tokenPath, "utf8").trim();
      const fields = contractFields();
      let spawned = 0;
      const call = async (path: string, bytes: Uint8Array, timeoutMs: number) => {
        const { code, details } = await raw.call(path, bytes, { token, timeoutMs });
        assert.ok(![2, 13].includes(code), `${path}: ${details}`);
        return code;
      };
      for (const value of Object.values(hostileTexts(canary)).filter((text) => text.includes(canary))) {
        const session = (await daemon.client.sessions.list({ pageSize: 1 })).sessions[0]?.id;
        const kept = { ...KEPT, session_id: session, "session.id": session };
        // A spawn takes its prompt alone, which nothing refuses; then everything at once, which much does.
        if ((await call(SPAWN, request(fields.get(SPAWN), { value, kept, only: "prompt" }), 30_000)) === 0)
          spawned++;
        const others = [...fields].filter(([path]) => !LEFT_OUT.test(path));
        await Promise.all(
          others.flatMap(([path, all]) => [
            call(path, request(all, { value, kept }), 500),
            call(path, request(all, { value, kept: {} }), 500),
          ]),
        );
      }
      raw.close();
      assert.ok(spawned >= 6, `${spawned} agents were started with such a prompt`);
      assert.equal(readdirSync(root).sort(), before);
      assert.equal(readdirSync(daemon.repository).sort(), repository);
      const log = readFileSync(daemon.paths.daemonLogPath, "utf8");
      assert.equal(
        log.split("\n").filter((line) => line.startsWith('{"level":"error"')),
        [],
      );
      assert.ok((await daemon.client.daemon.get()).pid > 0);
    },
    { timeoutMs: 170_000 },
  );
});

/** A request whose texts are all `value`, but for those that are kept; with `only`, that one and the kept. */
function request(
  fields: readonly ContractField[] = [],
  { value, kept, only }: { value: string; kept: Readonly<Record<string, string | undefined>>; only?: string },
): Uint8Array {
  return fields
    .filter(
      ({ kind, path }) =>
        kind === "string" && (only === undefined || path === only || kept[path] !== undefined),
    )
    .reduce<Uint8Array>(
      (bytes, { path, numbers }) => withText(bytes, numbers, kept[path] ?? value),
      new Uint8Array(),
    );
}
