/** Takes the lock named in argv, says how that went, and lives until it is killed or its stdin ends. */
import { acquireLock, isLock } from "../../src/util/lock.ts";

const [path, startAt] = process.argv.slice(2);
if (!path) throw new Error("usage: lock-holder LOCK [EPOCH_MS]");
// Both racers spin to the same moment, so that they do try at once.
while (startAt && Date.now() < Number(startAt)) {}
const taken = await acquireLock(path, { pid: process.pid });
process.stdout.write(isLock(taken) ? "won\n" : `lost to ${taken.heldBy}\n`);
process.stdin.on("end", () => process.exit(0)).resume();
