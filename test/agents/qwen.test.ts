import { qwen } from "./qwen.ts";
import { runAgentScenarios } from "./run-agent-scenarios.ts";

runAgentScenarios(qwen);
