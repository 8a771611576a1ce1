import { readdir, readFile } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Directories a binary is looked for in, in order: PATH, the usual ones, the harness's own, those of package managers,
 * those of Node version managers. A daemon's PATH is often shorter than that of the person who installed the agent.
 */
export async function searchPath(env: Environment, extraDirs: readonly string[]): Promise<string[]> {
  const home = env.HOME ?? "";
  const inHome = (path: string) => (home === "" ? [] : [join(home, path)]);
  const dirs = [
    ...(env.PATH ?? "").split(delimiter),
    "/usr/local/bin",
    "/opt/homebrew/bin",
    ...[".npm-global/bin", ".npm/bin", ".local/bin"].flatMap(inHome),
    ...extraDirs.flatMap((dir) => (dir.startsWith("~/") ? inHome(dir.slice(2)) : [dir])),
    "/home/linuxbrew/.linuxbrew/bin",
    "/snap/bin",
    ...PACKAGE_MANAGER_DIRS.flatMap(inHome),
    env.VOLTA_HOME ? join(env.VOLTA_HOME, "bin") : "",
    ...inHome(".volta/bin"),
    ...(await nvmDirs(home)),
    ...(await fnmDirs(env, home)),
  ];
  return [...new Set(dirs.filter(isAbsolute))];
}

const PACKAGE_MANAGER_DIRS = [
  ".bun/bin",
  ".yarn/bin",
  ".config/yarn/global/node_modules/.bin",
  ".local/share/mise/shims",
  ".asdf/shims",
];

/** The default version of nvm first, then the newest. */
async function nvmDirs(home: string): Promise<string[]> {
  if (home === "") return [];
  const versions = await newestFirst(join(home, ".nvm/versions/node"));
  const wanted = (await readOr(join(home, ".nvm/alias/default"), "")).trim().replace(/^v/, "");
  const preferred = versions.filter((v) => wanted !== "" && `${v.slice(1)}.`.startsWith(`${wanted}.`));
  return [...preferred, ...versions].map((version) => join(home, ".nvm/versions/node", version, "bin"));
}

async function fnmDirs(env: Environment, home: string): Promise<string[]> {
  const roots = [
    env.FNM_DIR ?? "",
    env.XDG_DATA_HOME ? join(env.XDG_DATA_HOME, "fnm") : "",
    ...(home === "" ? [] : [join(home, "Library/Application Support/fnm"), join(home, ".local/share/fnm")]),
  ].filter(isAbsolute);
  const found = await Promise.all(
    roots.map(async (root) =>
      (await newestFirst(join(root, "node-versions"))).map((version) =>
        join(root, "node-versions", version, "installation/bin"),
      ),
    ),
  );
  return found.flat();
}

async function newestFirst(dir: string): Promise<string[]> {
  const names = await absentIs([], readdir(dir));
  const version = (name: string) => name.replace(/^v/, "").split(".").map(Number);
  return names.filter((name) => /^v?\d+(\.\d+)*$/.test(name)).sort((a, b) => compare(version(b), version(a)));
}

function compare(a: number[], b: number[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

async function readOr(path: string, absent: string): Promise<string> {
  return absentIs(absent, readFile(path, "utf8"));
}

/** Not there and not allowed to look are the same: nothing can be started from it. */
export async function absentIs<T>(absent: T, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "EISDIR", "ENAMETOOLONG"].includes(code)) return absent;
    throw error;
  }
}
