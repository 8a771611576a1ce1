import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { BytePath } from "./byte-path.ts";
import { type Git, lastComplaint } from "./git.ts";
import { blobId, chunks, FileChanged, openScanned, type ScannedFile } from "./scan-tree.ts";

/** An entry of a tree; without an id the path is taken away. */
export interface TreeEntry {
  path: BytePath;
  mode: string;
  id?: string;
}

/** A commit to write. */
export interface CommitPlan {
  message: string;
  /** Seconds since the epoch. */
  time: number;
  /** Ids or marks of commits; the tree starts as that of the first, unless `fresh`. */
  parents: readonly string[];
  /** The tree holds `entries` alone. */
  fresh?: boolean;
  entries: readonly TreeEntry[];
}

/** Puts objects into a repository, bytes as they are: no filter, no hook, no index, no ref. */
export interface ObjectWriter {
  /** Writes a scanned file; throws FileChanged when it is no longer what was scanned. */
  writeFile(root: string, path: BytePath, file: ScannedFile): Promise<void>;
  /** Returns the blob's id. */
  writeBlob(data: Buffer): Promise<string>;
  /** Returns the commit's id, and the mark that stands for it as a parent until all is on disk. */
  writeCommit(plan: CommitPlan): Promise<{ id: string; mark: string }>;
  /** Resolves when all is on disk. */
  finish(): Promise<void>;
  /** Ends it without keeping anything; nothing happens after `finish`. */
  abort(): Promise<void>;
}

/** Branches exist within git fast-import only: each is reset to nothing before the end. */
const BRANCH = "refs/ao/writing";
const IDENTITY = "ao <ao@localhost>";
// Names that would harm another system's checkout are this system's files all the same.
const SETTINGS = ["core.protectNTFS=false", "core.protectHFS=false", "core.ignoreCase=false"];

/** Starts a writer. Throws Error with what git says when it fails, such as a full disk. */
export function createObjectWriter(options: {
  git: Git;
  gitDir: string;
  format: string;
  readLink: (root: string, path: BytePath) => Promise<Buffer>;
}): ObjectWriter {
  const { git, gitDir, format } = options;
  const args = [
    ...SETTINGS.flatMap((setting) => ["-c", setting]),
    ...["fast-import", "--quiet", "--done", "--date-format=raw"],
  ];
  const child = git.start({ path: gitDir, args, env: { GIT_DIR: gitDir } });
  const talk = createTalk(child);
  const written = new Set<string>();
  let commits = 0;
  const writeBlob = async (data: Buffer) => {
    const id = blobId(format, data);
    if (written.has(id)) return id;
    written.add(id);
    await talk.write(Buffer.concat([Buffer.from(`blob\ndata ${data.length}\n`), data, Buffer.from("\n")]));
    return id;
  };
  return {
    writeBlob,
    async writeFile(root, path, file) {
      if (written.has(file.id)) return;
      if (file.kind === "link") {
        if ((await writeBlob(await options.readLink(root, path))) !== file.id) throw new FileChanged(path);
        return;
      }
      await talk.write(Buffer.from(`blob\nmark :1\ndata ${file.size}\n`));
      const handle = await openScanned(root, path);
      try {
        for await (const chunk of chunks(handle, { path, size: file.size })) await talk.write(chunk);
      } finally {
        await handle.close();
      }
      if ((await talk.ask("\nget-mark :1\n")) !== file.id) throw new FileChanged(path);
      written.add(file.id);
    },
    async writeCommit(plan) {
      commits += 1;
      const mark = `:${commits + 1}`;
      await talk.write(Buffer.from(commitText(plan, { branch: `${BRANCH}/${commits}`, mark }), "latin1"));
      return { id: await talk.ask(`get-mark ${mark}\n`), mark };
    },
    async finish() {
      const resets = Array.from({ length: commits }, (_, index) => `reset ${BRANCH}/${index + 1}\n\n`);
      await talk.write(Buffer.from(`${resets.join("")}done\n`));
      await talk.end();
    },
    async abort() {
      child.kill("SIGKILL");
      await talk.closed;
      await rm(join(gitDir, `fast_import_crash_${child.pid}`), { force: true });
    },
  };
}

function commitText(plan: CommitPlan, { branch, mark }: { branch: string; mark: string }): string {
  const message = Buffer.from(plan.message).toString("latin1");
  const removed = plan.entries.filter((entry) => entry.id === undefined);
  const added = plan.entries.filter((entry) => entry.id !== undefined);
  return [
    `commit ${branch}`,
    `mark ${mark}`,
    `committer ${IDENTITY} ${plan.time} +0000`,
    `data ${message.length}`,
    message,
    ...plan.parents.map((parent, index) => `${index === 0 ? "from" : "merge"} ${parent}`),
    ...(plan.fresh ? ["deleteall"] : []),
    // Files make room for folders of the same name first.
    ...removed.map((entry) => `D ${quote(entry.path)}`),
    ...added.map((entry) => `M ${entry.mode} ${entry.id} ${quote(entry.path)}`),
    "",
    "",
  ].join("\n");
}

/** A path as fast-import reads it: in quotes, with octal escapes for what is not plain. */
function quote(path: BytePath): string {
  const escaped = path.replace(
    /["\\]|[^ -~]/g,
    (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
  return `"${escaped}"`;
}

/** The conversation with the process; every step ends with what git complained when it has died. */
function createTalk(child: ChildProcessWithoutNullStreams) {
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-20_000);
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      stderr += error.message;
      resolve(null);
    });
    child.once("close", resolve);
  });
  // The process's own last words say more than a broken pipe.
  child.stdin.on("error", (error: Error) => {
    stderr = stderr || error.message;
  });
  const died = async (): Promise<never> => {
    await ended;
    throw new Error(lastComplaint(stderr) || "git fast-import ended early");
  };
  return {
    closed: ended.then(() => undefined),
    async write(data: Buffer): Promise<void> {
      if (!child.stdin.writable) return died();
      if (child.stdin.write(data)) return;
      await Promise.race([once(child.stdin, "drain"), ended]);
      if (!child.stdin.writable) return died();
    },
    async ask(text: string): Promise<string> {
      child.stdin.write(text);
      const answer = await answers.next();
      return answer.done ? died() : answer.value;
    },
    async end(): Promise<void> {
      child.stdin.end();
      if ((await ended) !== 0) return died();
    },
  };
}
