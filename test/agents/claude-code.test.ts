import { claudeCode } from "./claude-code.ts";
import { runAgentScenarios } from "./run-agent-scenarios.ts";

runAgentScenarios(claudeCode);
