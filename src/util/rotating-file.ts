import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";

/** A file that lines are appended to and that is put aside when it is full. */
export interface RotatingFile {
  /** Appends `line` before it returns. A failing disk costs lines, never the caller: the next that fits tells how many. */
  write(line: string): void;
  close(): void;
}

/**
 * Opens `path` for appending, mode 0600.
 *
 * A line that would pass `maxBytes` starts a new file: `<path>` becomes `<path>.1`, and so on up to `<path>.<keep>`.
 * One process per path. Throws when the file cannot be opened at first.
 */
export function createRotatingFile(options: { path: string; maxBytes: number; keep: number }): RotatingFile {
  let file = openForAppend(options.path);
  let size = fstatSync(file).size;
  /** Size up to the last whole line; below `size` after a write that stopped half-way. */
  let whole = size;
  let lost = 0;

  function append(data: Buffer): void {
    if (size > 0 && size + data.length > options.maxBytes) {
      shift(options.path, options.keep);
      const fresh = openForAppend(options.path);
      closeSync(file);
      file = fresh;
      size = 0;
      whole = 0;
    }
    for (let done = 0; done < data.length; ) {
      const written = writeSync(file, data, done);
      done += written;
      size += written;
    }
  }

  return {
    write(line) {
      try {
        append(Buffer.from(`${size > whole ? "\n" : ""}${lossNotice(lost)}${line}`));
        whole = size;
        lost = 0;
      } catch {
        lost += 1;
      }
    },
    close: () => closeSync(file),
  };
}

function lossNotice(lost: number): string {
  return lost > 0 ? `${JSON.stringify({ level: "error", msg: "log lines were lost", lost })}\n` : "";
}

function openForAppend(path: string): number {
  const file = openSync(path, "a", 0o600);
  fchmodSync(file, 0o600);
  return file;
}

/** Moves each old file one further; the oldest goes. */
function shift(path: string, keep: number): void {
  const old = (n: number) => (n === 0 ? path : `${path}.${n}`);
  if (keep === 0) rmSync(path, { force: true });
  for (let n = keep - 1; n >= 0; n--) if (existsSync(old(n))) renameSync(old(n), old(n + 1));
}
