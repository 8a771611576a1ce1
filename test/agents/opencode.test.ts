import { opencode } from "./opencode.ts";
import { runAgentScenarios } from "./run-agent-scenarios.ts";

runAgentScenarios(opencode);
