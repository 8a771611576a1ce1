import { copilot } from "./copilot.ts";
import { runAgentScenarios } from "./run-agent-scenarios.ts";

runAgentScenarios(copilot);
