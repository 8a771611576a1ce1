import type { AoClient, Explanation } from "./client-types.ts";

const PAGE_SIZE = 500;

/** Every signal of a session that its log still holds, oldest first. */
export async function listAllSignals(client: AoClient, sessionId: string): Promise<Explanation["signals"]> {
  const newestFirst: Explanation["signals"] = [];
  let pageToken = "";
  do {
    const page = await client.activity.list({ sessionId, pageSize: PAGE_SIZE, pageToken });
    newestFirst.push(...page.signals);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return newestFirst.reverse();
}
