import * as assert from "uvu/assert";
import { resolvePaths } from "../../src/util/paths.ts";
import { suite } from "../support/suite.ts";

const ACCOUNT = "/home/ann";

suite("resolvePaths", ({ test }) => {
  test("the default home uses the shared runtime directory for its socket", () => {
    const paths = resolvePaths({ HOME: ACCOUNT, XDG_RUNTIME_DIR: "/run/user/1000" }, ACCOUNT);
    assert.is(paths.home, "/home/ann/.ao");
    assert.is(paths.socketPath, "/run/user/1000/ao/ao.sock");
    assert.is(paths.tokenPath, "/home/ann/.ao/token");
    assert.is(paths.databasePath, "/home/ann/.ao/ao.db");
  });

  test("without a runtime directory the socket lies under the home", () => {
    assert.is(resolvePaths({ HOME: ACCOUNT }, ACCOUNT).socketPath, "/home/ann/.ao/run/ao.sock");
    assert.is(
      resolvePaths({ HOME: ACCOUNT, XDG_RUNTIME_DIR: "relative" }, ACCOUNT).runDir,
      "/home/ann/.ao/run",
    );
  });

  test("two daemons with different homes never share a socket", () => {
    const shared = { XDG_RUNTIME_DIR: "/run/user/1000" };
    const sockets = [
      resolvePaths({ ...shared, HOME: ACCOUNT }, ACCOUNT),
      resolvePaths({ ...shared, HOME: ACCOUNT, AO_HOME: "/tmp/one" }, ACCOUNT),
      resolvePaths({ ...shared, HOME: "/tmp/two" }, ACCOUNT),
      resolvePaths({ ...shared, HOME: "/tmp/three" }, undefined),
    ].map((paths) => paths.socketPath);
    assert.is(new Set(sockets).size, sockets.length);
  });

  test("AO_HOME spelling out the default is the default", () => {
    const env = { HOME: ACCOUNT, AO_HOME: "/home/ann/.ao/", XDG_RUNTIME_DIR: "/run/user/1000" };
    assert.is(resolvePaths(env, ACCOUNT).runDir, "/run/user/1000/ao");
  });

  test("AO_RUN_DIR wins", () => {
    const env = { HOME: ACCOUNT, AO_RUN_DIR: "/tmp/r", XDG_RUNTIME_DIR: "/run/user/1000" };
    assert.is(resolvePaths(env, ACCOUNT).socketPath, "/tmp/r/ao.sock");
  });

  test("a socket path over the limit says so, in bytes", () => {
    const fits = resolvePaths({ AO_RUN_DIR: `/${"a".repeat(98)}`, HOME: "/h" }, ACCOUNT);
    assert.is(Buffer.byteLength(fits.socketPath), 107);
    const long = resolvePaths({ AO_RUN_DIR: `/${"é".repeat(50)}`, HOME: "/h" }, ACCOUNT);
    assert.is(Buffer.byteLength(long.socketPath), 109);
    assert.is(long.socketPathTooLong, true);
    if (process.platform === "linux") assert.is(fits.socketPathTooLong, false);
  });
});
