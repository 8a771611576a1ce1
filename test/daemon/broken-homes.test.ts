import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { resolvePaths } from "../../src/util/paths.ts";
import { suite } from "../support/suite.ts";
import { tempDir } from "../support/temp-dir.ts";
import { startDaemonProcess } from "./start-daemon-process.ts";

/** A world without a home one can live in. */
interface BrokenWorld {
  name: string;
  /** Makes it below `root`; returns what the environment says. */
  make: (root: string) => Record<string, string>;
  /** A file system at `root`/m that the daemon gets mounted. */
  mount?: string;
  reason: string;
  message: RegExp;
  hint: RegExp;
}

const home = (root: string) => ({ AO_HOME: join(root, "ao") });
const socketIs = (put: (path: string) => void) => (root: string) => {
  mkdirSync(join(root, "ao/run"), { recursive: true, mode: 0o700 });
  put(join(root, "ao/run/ao.sock"));
  return home(root);
};

const BROKEN: BrokenWorld[] = [
  {
    name: "AO_HOME is a file",
    make: (root) => {
      writeFileSync(join(root, "ao"), "mine");
      return home(root);
    },
    reason: "HOME_UNUSABLE",
    message: /ao": it is a file, not a directory/,
    hint: /Set AO_HOME/,
  },
  {
    name: "AO_HOME is below a file",
    make: (root) => {
      writeFileSync(join(root, "f"), "mine");
      return { AO_HOME: join(root, "f/ao") };
    },
    reason: "HOME_UNUSABLE",
    message: /a part of the path is a file/,
    hint: /Set AO_HOME/,
  },
  {
    name: "AO_HOME is where no directory can be made (Node would try for ever)",
    make: () => ({ AO_HOME: "/proc/ao/home" }),
    reason: "HOME_UNUSABLE",
    message: /"\/proc\/ao": no directory can be made there/,
    hint: /Set AO_HOME/,
  },
  {
    name: "AO_HOME has a newline",
    make: (root) => ({ AO_HOME: `${root}/a\nb` }),
    reason: "HOME_UNUSABLE",
    message: /a\\nb": the path has a newline/,
    hint: /Set AO_HOME/,
  },
  {
    name: "AO_HOME is a circle of links",
    make: (root) => {
      symlinkSync(join(root, "ao"), join(root, "ao"));
      return home(root);
    },
    reason: "HOME_UNUSABLE",
    message: /circle of links/,
    hint: /Set AO_HOME/,
  },
  {
    name: "the token is a directory",
    make: (root) => {
      mkdirSync(join(root, "ao/token"), { recursive: true });
      return home(root);
    },
    reason: "HOME_UNUSABLE",
    message: /a directory stands where a file must be/,
    hint: /Move it away/,
  },
  {
    name: "the socket's path is too long",
    make: (root) => ({ ...home(root), AO_RUN_DIR: join(root, "x".repeat(120)) }),
    reason: "SOCKET_PATH_TOO_LONG",
    message: /has 1\d\d bytes; the system allows 107/,
    hint: /Set AO_RUN_DIR to a short private directory/,
  },
  {
    name: "the socket is a file",
    make: socketIs((path) => writeFileSync(path, "mine")),
    reason: "SOCKET_UNUSABLE",
    message: /a file is there/,
    hint: /move it away, or set AO_RUN_DIR/,
  },
  {
    name: "the socket is a directory",
    make: socketIs((path) => mkdirSync(path)),
    reason: "SOCKET_UNUSABLE",
    message: /a directory is there/,
    hint: /move it away, or set AO_RUN_DIR/,
  },
  {
    name: "the socket is a symbolic link",
    make: socketIs((path) => symlinkSync("/nowhere", path)),
    reason: "SOCKET_UNUSABLE",
    message: /a symbolic link is there/,
    hint: /move it away, or set AO_RUN_DIR/,
  },
  {
    name: "HOME is on a read-only disk",
    make: (root) => ({ HOME: join(root, "m") }),
    mount: "ro",
    reason: "HOME_UNUSABLE",
    message: /m\/\.ao": the disk is read-only/,
    hint: /Set AO_HOME/,
  },
  ...["4k", "100k"].map((size) => ({
    name: `AO_HOME is on a disk of ${size}`,
    make: (root: string) => ({ AO_HOME: join(root, "m/ao") }),
    mount: `size=${size}`,
    reason: "HOME_UNUSABLE",
    message: /no space is left on the disk/,
    hint: /Free some space/,
  })),
];

/** A mount of one's own needs a namespace of one's own, which some hosts refuse. */
const NAMESPACE = [["-m"], ["-Urm"]].find(
  (flags) => spawnSync("unshare", [...flags, "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0,
);

suite("broken homes", ({ test }) => {
  for (const { name, make, mount, reason, message, hint } of BROKEN) {
    if (mount && !NAMESPACE) continue;
    test(`${name}: one clear line, and nothing is touched`, async () => {
      using directory = tempDir();
      const root = directory.path;
      mkdirSync(join(root, "m"));
      const env = { PATH: process.env.PATH ?? "", HOME: root, TMPDIR: root, ...make(root) };
      const before = readdirSync(root, { recursive: true, encoding: "utf8" });
      const script = `mount -t tmpfs -o ${mount} none "${root}/m" && exec "$@"`;
      const wrapper = mount ? ["unshare", ...(NAMESPACE ?? []), "sh", "-c", script, "sh"] : [];
      const end = await startDaemonProcess(env, wrapper).ended;
      assert.equal([end.code, end.reason], [1, reason], end.message);
      assert.match(end.message, message);
      assert.match(end.hint, hint);
      const after = readdirSync(root, { recursive: true, encoding: "utf8" });
      assert.equal(
        before.filter((path) => !after.includes(path)),
        [],
        "what was there is there",
      );
    });
  }

  test("AO_HOME and HOME unset: the account's own home", () => {
    assert.is(resolvePaths({}, "/home/somebody").home, "/home/somebody/.ao");
    assert.is(resolvePaths({ HOME: "", AO_HOME: "" }, "/home/somebody").home, "/home/somebody/.ao");
  });
});
