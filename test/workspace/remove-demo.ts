import { createWorkspaces } from "../../src/workspace/workspaces.ts";
import { reasonOf } from "./fixture.ts";

/** A process of its own, so that a test can give it a mount namespace: `node remove-demo.ts SESSION_JSON`. */
const session = JSON.parse(process.argv[2] ?? "");
const workspaces = createWorkspaces({ environment: process.env });
const removal = workspaces.remove(session);
const told = await removal.catch((error: Error) => error.message);
process.stdout.write(JSON.stringify({ reason: await reasonOf(removal), told }));
