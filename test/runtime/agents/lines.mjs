// Tiny agent: appends each line it reads to the file named first, as JSON; ends at the line "quit".
// With "raw" it turns bracketed paste on and writes the raw bytes of every read instead. With "suspends" it takes Ctrl-Z
// as full-screen agents do: it suspends itself and reads on once it is continued.
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [file, mode] = process.argv.slice(2);
const keep = (text) => appendFileSync(file, `${JSON.stringify(text)}\n`);
if (mode === "raw") {
  process.stdin.setRawMode(true);
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", keep);
  process.stdout.write("\x1b[?2004hready\n");
} else if (mode === "suspends") {
  process.stdin.setRawMode(true);
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (text) => {
    keep(text);
    if (text !== "\x1a") return;
    process.stdin.pause();
    const alive = setInterval(() => {}, 60_000);
    process.once("SIGCONT", () => {
      clearInterval(alive);
      keep("continued");
      process.stdin.resume();
    });
    process.kill(0, "SIGTSTP");
  });
  process.stdout.write("ready\n");
} else {
  process.stdout.write("ready\n");
  createInterface({ input: process.stdin, terminal: false }).on("line", (line) => {
    keep(line);
    if (line === "quit") process.exit(0);
  });
}
