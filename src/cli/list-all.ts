import type { Salvage } from "../core/ports/workspaces.ts";
import type { Project, Status } from "../core/session.ts";
import type { AoClient, HarnessInfo, MessageInfo, SessionInfo } from "./client-types.ts";

const PAGE_SIZE = 500;

/** All sessions that match, newest first. */
export function listAllSessions(
  client: AoClient,
  filter: { projectId?: string; statuses?: readonly Status[] } = {},
): Promise<SessionInfo[]> {
  return everyPage(async (pageToken) => {
    const page = await client.sessions.list({ ...filter, pageSize: PAGE_SIZE, pageToken });
    return { items: page.sessions, nextPageToken: page.nextPageToken };
  });
}

/** All messages of a session, newest first. */
export function listAllMessages(client: AoClient, sessionId: string): Promise<MessageInfo[]> {
  return everyPage(async (pageToken) => {
    const page = await client.sessions.listMessages({ sessionId, pageSize: PAGE_SIZE, pageToken });
    return { items: page.messages, nextPageToken: page.nextPageToken };
  });
}

/** All projects by id. */
export function listAllProjects(client: AoClient): Promise<Project[]> {
  return everyPage(async (pageToken) => {
    const page = await client.projects.list({ pageSize: PAGE_SIZE, pageToken });
    return { items: page.projects, nextPageToken: page.nextPageToken };
  });
}

/** All salvages, newest first. */
export function listAllSalvages(
  client: AoClient,
  filter: { projectId?: string | undefined } = {},
): Promise<Salvage[]> {
  return everyPage(async (pageToken) => {
    const page = await client.salvages.list({ ...filter, pageSize: PAGE_SIZE, pageToken });
    return { items: page.salvages, nextPageToken: page.nextPageToken };
  });
}

/** All harnesses by id. */
export function listAllHarnesses(client: AoClient): Promise<HarnessInfo[]> {
  return everyPage(async (pageToken) => {
    const page = await client.harnesses.list({ pageSize: PAGE_SIZE, pageToken });
    return { items: page.harnesses, nextPageToken: page.nextPageToken };
  });
}

async function everyPage<T>(
  read: (pageToken: string) => Promise<{ items: readonly T[]; nextPageToken: string }>,
): Promise<T[]> {
  const found: T[] = [];
  let pageToken = "";
  do {
    const page = await read(pageToken);
    found.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return found;
}
