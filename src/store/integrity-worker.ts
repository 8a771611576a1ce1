import { parentPort, workerData } from "node:worker_threads";
import Sqlite from "better-sqlite3";
import { findDamage } from "./find-damage.ts";

const { path } = workerData as { path: string };
const native = new Sqlite(path, { readonly: true, fileMustExist: true });
try {
  parentPort?.postMessage(findDamage(native));
} finally {
  native.close();
}
