import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { LaunchPlan } from "../../src/core/ports/harnesses.ts";

/** A plan below `root`, whose launch directory and workspace exist; `fields` replace its parts. */
export function launchPlan(root: string, fields: Partial<LaunchPlan> = {}): LaunchPlan {
  const launchDir = join(root, "launch");
  const workspacePath = join(root, "workspace");
  mkdirSync(launchDir, { recursive: true, mode: 0o700 });
  mkdirSync(workspacePath, { recursive: true });
  return {
    sessionId: "shop-1",
    launchId: "l1",
    launchDir,
    workspacePath,
    repositoryPath: join(root, "repository"),
    binary: "/bin/agent",
    prompt: "",
    model: "",
    permissionMode: "default",
    headless: false,
    hookCommand: "/opt/it's ao/bin/ao-hook",
    env: { HOME: join(root, "home"), PATH: "/usr/bin:/bin" },
    ...fields,
  };
}
