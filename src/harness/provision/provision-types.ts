import type { LaunchPlan } from "../../core/ports/harnesses.ts";
import type { HarnessSpec, PermissionSpec } from "../spec.ts";
import type { TrustedHooks } from "./codex-trust.ts";

/** What a hooks strategy needs. */
export interface ProvisionRequest {
  spec: HarnessSpec;
  plan: LaunchPlan;
  permission: PermissionSpec;
  trustedHooks: TrustedHooks;
}

/** What a hooks strategy adds to the launch. */
export interface Provision {
  args: string[];
  env: Record<string, string>;
}
