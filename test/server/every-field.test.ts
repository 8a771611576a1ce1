import * as assert from "uvu/assert";
import { RPC_POLICIES } from "../../src/server/policy.ts";
import { suite } from "../support/suite.ts";
import { contractFields } from "./contract-fields.ts";
import { TOKENS } from "./fake-app.ts";
import { hostileValues, withField, withText } from "./hostile-values.ts";
import { createRawCaller } from "./raw-call.ts";
import { startServer } from "./running-server.ts";

/** Texts without which a request is refused before its other fields are looked at. */
const GOOD: Record<string, string> = {
  session_id: "web-1",
  project_id: "web",
  "session.id": "web-1",
  "project.id": "web",
  harness_id: "demo",
  text: "hello",
  path: "/tmp",
  event: "Stop",
  "signal.signal_id": "s1",
  "signal.launch_id": "l-own",
  "signal.event": "Stop",
};
/** OK, invalid, late (a stream without an answer), not found, exists, too large, precondition, out of range. */
const FINE = new Set([0, 3, 4, 5, 6, 8, 9, 11]);

suite("server/every field", ({ test }) => {
  const contract = contractFields();

  test("the contract is read whole", () => {
    assert.equal([...contract.keys()].sort(), Object.keys(RPC_POLICIES).sort());
    const paths = (rpc: string) => contract.get(rpc)?.map(({ path }) => path) ?? [];
    assert.ok(paths("/ao.v1.ActivityService/StreamActivity").includes("signals.fields.prompt"));
    assert.ok(paths("/ao.v1.SessionService/SpawnSession").includes("environment"));
    assert.ok(paths("/ao.v1.SessionService/KillSession").includes("grace_duration.nanos"));
    const fields = [...contract.values()].flat();
    assert.ok(fields.length > 100, `${fields.length} fields`);
  });

  for (const [rpc, fields] of contract) {
    if (fields.length === 0) continue;
    test(
      `${rpc}: each of its ${fields.length} fields with each hostile value`,
      async () => {
        await using running = await startServer();
        const raw = createRawCaller(running.socketPath);
        const base = fields.reduce<Uint8Array>((bytes, { path, numbers }) => {
          const good = GOOD[path];
          return good === undefined ? bytes : withText(bytes, numbers, good);
        }, new Uint8Array());
        const calls = fields.flatMap(({ path, numbers, kind }) =>
          hostileValues(kind).map(({ name, put }) => ({
            what: `${path} = ${name}`,
            bytes: withField(base, numbers, put),
          })),
        );
        const streams = /Watch|Stream|Wait/.test(rpc);
        const options = { token: TOKENS.operator, timeoutMs: streams ? 300 : 20_000 };
        const bad: string[] = [];
        for (let at = 0; at < calls.length; at += 25) {
          await Promise.all(
            calls.slice(at, at + 25).map(async ({ what, bytes }) => {
              const result = await raw.call(rpc, bytes, options);
              if (!FINE.has(result.code)) bad.push(`${what}: ${result.code} ${result.details}`);
              if (result.details.length > 2000)
                bad.push(`${what}: ${result.details.length} characters of error`);
            }),
          );
        }
        assert.equal(bad, []);
        assert.equal(
          running.log.filter(({ level }) => level === "error"),
          [],
        );
        assert.is((await running.client.sessions.get("web-1")).id, "web-1", "others are served");
        raw.close();
      },
      { timeoutMs: 120_000 },
    );
  }
});
