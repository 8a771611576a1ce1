import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../support/suite.ts";

/** Who may import whom (design §10). The table is the law; a row's reason says what a ban protects. */
const MAY_IMPORT: Record<string, { folders: readonly string[]; why: string }> = {
  util: { folders: [], why: "util has no domain words, so that anything may use it" },
  core: { folders: [], why: "core is pure: the rules can be read and tested without anything else" },
  harness: { folders: ["core", "util"], why: "a harness is data and its strategies, known to no other part" },
  store: { folders: ["core", "util"], why: "only store knows MikroORM; it knows nothing of gRPC or agents" },
  runtime: { folders: ["core", "util"], why: "a runtime is an adapter behind a port" },
  workspace: { folders: ["core", "util"], why: "a workspace is an adapter behind a port" },
  lifecycle: { folders: ["core", "util"], why: "everything else is passed in, so that tests can pass fakes" },
  wire: { folders: ["core", "gen", "util"], why: "conversion happens once, at this edge" },
  server: { folders: ["wire", "core", "gen", "lifecycle", "util"], why: "handlers: validate, call, convert" },
  client: { folders: ["wire", "core", "gen", "util"], why: "a client must not need the daemon's code" },
  shim: {
    folders: ["wire", "core", "gen", "harness", "client", "util"],
    why: "the shim is a generated client; it never opens the database",
  },
  daemon: {
    folders: [
      "core",
      "util",
      "harness",
      "store",
      "runtime",
      "workspace",
      "lifecycle",
      "wire",
      "server",
      "gen",
    ],
    why: "the one place that wires; it has no commands and no spool reader",
  },
  cli: {
    folders: ["client", "core", "util", "gen"],
    why: "a generated client: no database, no tmux, no git",
  },
};

/** Packages one folder alone may know. */
const ONLY_IN: Record<string, readonly string[]> = {
  "@mikro-orm/": ["store"],
  "better-sqlite3": ["store", "util"],
  "@oclif/core": ["cli"],
  "@grpc/grpc-js": ["server", "client", "wire", "shim"],
  "nice-grpc": ["server", "client", "wire", "shim"],
  pino: ["util"],
};

/** What core may take from Node: nothing that reads or writes. */
const CORE_NODE = ["node:crypto"];

interface Import {
  file: string;
  folder: string;
  specifier: string;
}

const imports = globSync("src/**/*.ts").flatMap(importsOf);

suite("architecture", (s) => {
  s.test("there are imports to judge", () => {
    assert.ok(imports.length > 200, `only ${imports.length} imports found`);
  });

  s.test("every folder of src stands in the table", () => {
    const folders = new Set(globSync("src/*/").map((path) => path.split("/")[1]));
    assert.equal([...folders].sort(), Object.keys(MAY_IMPORT).sort());
  });

  s.test("imports point down the table only", () => {
    const wrong = imports.flatMap(({ file, folder, specifier }) => {
      if (!specifier.startsWith(".")) return [];
      const target = targetFolder(file, specifier);
      const row = MAY_IMPORT[folder];
      if (!row || target === folder || row.folders.includes(target)) return [];
      return [`${file} imports ${target}: ${row.why}`];
    });
    assert.equal(wrong, []);
  });

  s.test("lifecycle gives the server types only", () => {
    const wrong = globSync("src/server/**/*.ts").filter((file) =>
      /import (?!type)[^;]*"\.\.\/lifecycle\//.test(readFileSync(file, "utf8")),
    );
    assert.equal(wrong, []);
  });

  s.test("packages stay in their folders", () => {
    const wrong = imports.flatMap(({ file, folder, specifier }) => {
      const rule = Object.entries(ONLY_IN).find(
        ([name]) => specifier === name || specifier.startsWith(`${name.replace(/\/$/, "")}/`),
      );
      return rule && !rule[1].includes(folder) ? [`${file} imports ${specifier}`] : [];
    });
    assert.equal(wrong, []);
  });

  s.test("core does no I/O and reads no environment", () => {
    const wrong = imports
      .filter(
        ({ folder, specifier }) =>
          folder === "core" && !specifier.startsWith(".") && !CORE_NODE.includes(specifier),
      )
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    const env = globSync("src/core/**/*.ts").filter((file) =>
      /process\.env|Date\.now\(|console\./.test(readFileSync(file, "utf8")),
    );
    assert.equal([...wrong, ...env], []);
  });

  s.test("each process reads its environment in one place", () => {
    const readers = globSync("src/**/*.ts").filter((file) =>
      /process\.env\b/.test(readFileSync(file, "utf8")),
    );
    const folders = readers.map((file) => file.split("/")[1]).sort();
    assert.equal(folders, ["cli", "daemon", "shim"], `read in ${readers.join(", ")}`);
  });
});

function importsOf(file: string): Import[] {
  const source = readFileSync(file, "utf8");
  const folder = file.split("/")[1] ?? "";
  return [...source.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => ({
    file,
    folder,
    specifier: match[1] ?? "",
  }));
}

function targetFolder(file: string, specifier: string): string {
  const path = normalize(join(dirname(file), specifier));
  return path.startsWith("src/") ? (path.split("/")[1] ?? "") : (path.split("/")[0] ?? "");
}
