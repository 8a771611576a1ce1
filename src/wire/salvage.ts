import type * as pb from "../../gen/ao/v1/salvage.ts";
import type { Salvage } from "../core/ports/workspaces.ts";
import { fromDate, toDate } from "./time.ts";

/** Converts a salvage to its message; its name is the last word of its ref. */
export function salvageToProto({ saveTime, ...salvage }: Salvage): pb.Salvage {
  return { ...salvage, name: salvage.ref.split("/").at(-1) ?? "", saveTime: toDate(saveTime) };
}

/** Converts a message to a salvage; a time that is missing is 0. */
export function salvageFromProto({ name: _, saveTime, ...message }: pb.Salvage): Salvage {
  return { ...message, saveTime: fromDate(saveTime) ?? 0 };
}
