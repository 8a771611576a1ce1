import { createWorkspaces } from "../../src/workspace/workspaces.ts";

/** Removes one worktree, in a process that can be killed meanwhile. The request comes as JSON. */
const request = JSON.parse(process.argv[2] ?? "{}");
process.stdout.write("begun\n");
await createWorkspaces({ environment: process.env }).remove(request);
process.stdout.write("done\n");
