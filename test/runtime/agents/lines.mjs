// Tiny agent: appends each line it reads to the file named first, as JSON; ends at the line "quit".
// With "raw" it turns bracketed paste on and writes the raw bytes of every read instead.
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [file, mode] = process.argv.slice(2);
const keep = (text) => appendFileSync(file, `${JSON.stringify(text)}\n`);
if (mode === "raw") {
  process.stdin.setRawMode(true);
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", keep);
  process.stdout.write("\x1b[?2004hready\n");
} else {
  process.stdout.write("ready\n");
  createInterface({ input: process.stdin, terminal: false }).on("line", (line) => {
    keep(line);
    if (line === "quit") process.exit(0);
  });
}
