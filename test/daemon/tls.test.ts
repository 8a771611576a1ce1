import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer as createTcp } from "node:net";
import { join } from "node:path";
import { type ChannelCredentials, Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import * as assert from "uvu/assert";
import { RPC_POLICIES } from "../../src/server/policy.ts";
import { resolvePaths } from "../../src/util/paths.ts";
import { type CliWorld, createCliWorld } from "../cli/cli-world.ts";
import { makeCertificate, type TestCertificate } from "../support/certificate.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { startDaemonProcess } from "./start-daemon-process.ts";

const SLOW = { timeoutMs: 120_000 };
const UNAUTHENTICATED = 16;

/** A port nobody had a moment ago. */
async function freePort(): Promise<number> {
  const probe = createTcp().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

function writeTls(home: string, { cert, key }: TestCertificate): { AO_TLS_CERT: string; AO_TLS_KEY: string } {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const files = { AO_TLS_CERT: join(home, "tls-cert.pem"), AO_TLS_KEY: join(home, "tls-key.pem") };
  writeFileSync(files.AO_TLS_CERT, cert, { mode: 0o600 });
  writeFileSync(files.AO_TLS_KEY, key, { mode: 0o600 });
  return files;
}

/** Makes an empty call to any RPC at an address; returns the gRPC code. */
function callAt(
  target: string,
  call: { path: string; channel: ChannelCredentials; token?: string },
): Promise<number> {
  const client = new Client(target, call.channel);
  const metadata = new Metadata();
  if (call.token) metadata.set("authorization", `Bearer ${call.token}`);
  const same = (bytes: Buffer) => bytes;
  const stream = client.makeBidiStreamRequest(call.path, same, same, metadata, {
    deadline: Date.now() + 20_000,
  });
  return new Promise((resolve) => {
    const end = (code: number) => {
      stream.cancel();
      client.close();
      resolve(code);
    };
    stream.on("data", () => end(0));
    stream.on("error", ({ code }: ServiceError) => end(code));
    stream.write(Buffer.alloc(0));
    stream.end();
  });
}

suite("TLS listener", ({ test, beforeEach, afterEach }) => {
  let world: CliWorld;
  beforeEach(() => {
    world = createCliWorld();
  });
  afterEach(() => world.dispose());

  test(
    "with certificate and token a daemon is used from elsewhere; without either it is not",
    async () => {
      const pair = makeCertificate();
      const port = await freePort();
      const address = `127.0.0.1:${port}`;
      const home = world.env.AO_HOME ?? "";
      writeTls(home, pair);
      writeFileSync(
        join(home, "config.yaml"),
        `listen:\n  address: ${address}\n  cert: tls-cert.pem\n  key: tls-key.pem\n`,
      );
      const started = await world.ao(["start"]);
      assert.is(started.code, 0, started.err);
      const token = readFileSync(resolvePaths(world.env).tokenPath, "utf8").trim();
      const ca = Buffer.from(pair.cert);
      const secure = credentials.createSsl(ca);

      // From another home, as from another host.
      const far = {
        AO_HOME: join(world.directory, "far"),
        AO_ADDRESS: address,
        AO_CA: join(home, "tls-cert.pem"),
        AO_TOKEN: token,
      };
      const listed = await world.ao(["ls"], { env: far });
      assert.equal([listed.code, listed.err.includes("Warning")], [0, false], listed.err);
      assert.is((await world.ao(["status", "--json"], { env: far })).json().daemon.home, home);
      const noToken = await world.ao(["ls"], { env: { ...far, AO_TOKEN: "" } });
      assert.match(noToken.err, /no valid token/);
      const byName = { ...far, AO_ADDRESS: `localhost:${port}` };
      assert.is((await world.ao(["ls"], { env: byName })).code, 0);
      const noCa = await world.ao(["ls"], { env: { ...far, AO_CA: "" } });
      assert.is(noCa.code, 3);
      assert.match(noCa.err, /Check AO_ADDRESS, AO_CA.*certificate/);
      const stop = await world.ao(["stop"], { env: far });
      assert.match(stop.err, /Run `ao stop` on its host/);

      const methods = Object.keys(RPC_POLICIES);
      const reflection = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
      for (const path of [...methods, reflection]) {
        assert.is(await callAt(address, { path, channel: secure }), UNAUTHENTICATED, path);
        assert.is(
          await callAt(address, { path, channel: secure, token: `${token}x` }),
          UNAUTHENTICATED,
          path,
        );
      }
      const health = "/grpc.health.v1.Health/Check";
      assert.is(await callAt(address, { path: health, channel: secure }), 0, "only health is for everybody");
      // Plain text, and a certificate nobody vouched for, end before any call.
      for (const channel of [credentials.createInsecure(), credentials.createSsl()])
        assert.is(await callAt(address, { path: health, channel, token }), 14);
      const doctor = (await world.ao(["doctor", "--json"])).json();
      const tls = doctor.checks.find(({ name }: { name: string }) => name === "tls");
      assert.equal([tls.level, /lasts 29 days/.test(tls.detail)], ["ok", true], tls.detail);
    },
    SLOW,
  );

  test(
    "a certificate that ends soon is told by doctor; a client certificate is demanded where a CA is named",
    async () => {
      const pair = makeCertificate({ days: 5 });
      const client = makeCertificate();
      const port = await freePort();
      const home = world.env.AO_HOME ?? "";
      const files = writeTls(home, pair);
      const clientCa = join(home, "clients.pem");
      writeFileSync(clientCa, client.cert, { mode: 0o600 });
      const env = { ...files, AO_LISTEN: `127.0.0.1:${port}`, AO_TLS_CLIENT_CA: clientCa };
      const started = await world.ao(["start"], { env });
      assert.is(started.code, 0, started.err);
      const doctor = (await world.ao(["doctor", "--json"])).json();
      const tls = doctor.checks.find(({ name }: { name: string }) => name === "tls");
      assert.equal([tls.level, /ends in 4 day/.test(tls.detail)], ["warning", true], tls.detail);
      const path = "/grpc.health.v1.Health/Check";
      const [ca, key, cert] = [pair.cert, client.key, client.cert].map((text) => Buffer.from(text));
      const bare = credentials.createSsl(ca);
      const known = credentials.createSsl(ca, key, cert);
      assert.is(await callAt(`127.0.0.1:${port}`, { path, channel: bare }), 14);
      assert.is(await callAt(`127.0.0.1:${port}`, { path, channel: known }), 0);
    },
    SLOW,
  );
});

suite("TLS refusals", ({ test }) => {
  const pair = makeCertificate();
  const cases: { name: string; env: (home: string) => Record<string, string>; says: RegExp; hint: RegExp }[] =
    [
      {
        name: "TCP without TLS files, loopback included",
        env: () => ({ AO_LISTEN: "127.0.0.1:0" }),
        says: /needs TLS: no certificate/,
        hint: /openssl req -x509 .*IP:127\.0\.0\.1.*AO_TLS_CERT/,
      },
      {
        name: "files that are not there",
        env: () => ({ AO_LISTEN: "127.0.0.1:0", AO_TLS_CERT: "c.pem", AO_TLS_KEY: "k.pem" }),
        says: /certificate ".*c\.pem" cannot be read \(ENOENT\)/,
        hint: /openssl req/,
      },
      {
        name: "an expired certificate",
        env: (home) => ({ AO_LISTEN: "127.0.0.1:0", ...writeTls(home, makeCertificate({ days: -0.5 })) }),
        says: /expired on/,
        hint: /openssl req/,
      },
      {
        name: "a key of another certificate",
        env: (home) => ({
          AO_LISTEN: "127.0.0.1:0",
          ...writeTls(home, { cert: pair.cert, key: makeCertificate().key }),
        }),
        says: /does not belong to certificate/,
        hint: /right pair/,
      },
      {
        name: "a key others may read",
        env: (home) => {
          const files = writeTls(home, pair);
          chmodSync(files.AO_TLS_KEY, 0o644);
          return { AO_LISTEN: "127.0.0.1:0", ...files };
        },
        says: /can be read by others \(mode 0644\)/,
        hint: /chmod 600/,
      },
      {
        name: "a file that is no PEM",
        env: (home) => ({ AO_LISTEN: "127.0.0.1:0", ...writeTls(home, { cert: "hello", key: pair.key }) }),
        says: /certificate .* is no usable PEM/,
        hint: /openssl req/,
      },
      {
        name: "an address that is none",
        env: () => ({ AO_LISTEN: "7443" }),
        says: /"7443" is no address/,
        hint: /host:port/,
      },
      {
        name: "an address of another host",
        env: (home) => ({ AO_LISTEN: "192.0.2.1:7443", ...writeTls(home, pair) }),
        says: /does not listen at "192\.0\.2\.1:7443"/,
        hint: /another address/,
      },
      {
        name: "a configuration with a word nobody knows",
        env: (home) => {
          mkdirSync(home, { mode: 0o700 });
          writeFileSync(join(home, "config.yaml"), "listen:\n  adress: x\n");
          return {};
        },
        says: /config\.yaml" is not usable: .*adress/,
        hint: /Correct the file/,
      },
    ];
  for (const { name, env, says, hint } of cases) {
    test(`${name}: the daemon does not start`, async () => {
      using directory = tempDir();
      const home = join(directory.path, "ao");
      const base = { PATH: process.env.PATH ?? "", HOME: directory.path, AO_HOME: home };
      const end = await startDaemonProcess({ ...base, ...env(home) }).ended;
      assert.is(end.code, 1);
      assert.match(end.message, says);
      assert.match(end.hint, hint);
    });
  }
});
