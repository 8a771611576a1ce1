// Tiny agent: writes its arguments, environment, directory and pid to the file named first, then ends.
import { writeFileSync } from "node:fs";

const [file, ...args] = process.argv.slice(2);
const { pid, env } = process;
writeFileSync(file, JSON.stringify({ args, env, cwd: process.cwd(), pid }));
