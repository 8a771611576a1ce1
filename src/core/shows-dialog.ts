import { isDialog } from "./reducer/requests.ts";
import type { Facts } from "./session.ts";

/** True while a decision is on screen: keys could answer it. A usage limit or a missing login leaves the composer free. */
export function showsDialog(facts: Facts): boolean {
  return facts.activity.state === "blocked" && facts.requests.some(isDialog);
}
