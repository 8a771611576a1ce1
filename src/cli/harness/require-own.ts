import { AoError } from "../../core/errors.ts";
import type { AoClient, HarnessInfo } from "../client-types.ts";

/** A harness of the user's. Throws HARNESS_NOT_FOUND, and USAGE for one that ships with ao. */
export async function requireOwn(client: Pick<AoClient, "harnesses">, id: string): Promise<HarnessInfo> {
  const harness = await client.harnesses.get(id);
  if (harness.filePath !== "") return harness;
  const hint = "Only harnesses of your own, in AO_HOME/harnesses, need your trust.";
  throw new AoError("USAGE", { problem: `harness "${id}" ships with ao`, hint });
}
